import type { Answer, Plain } from './normalise.ts';

export type PlainObject = { readonly [name: string]: Plain };

export const isObject = (plain: Plain | undefined): plain is PlainObject =>
  typeof plain === 'object' && plain !== null && !Array.isArray(plain);

/** Changes every object in a value, the inner ones first. */
export function mapObjects(plain: Plain, change: (object: PlainObject) => PlainObject): Plain {
  if (Array.isArray(plain)) return plain.map((one) => mapObjects(one, change));
  if (!isObject(plain)) return plain;
  return inOrder(
    change(Object.fromEntries(Object.entries(plain).map(([name, one]) => [name, mapObjects(one, change)]))),
  );
}

const inOrder = (object: PlainObject): PlainObject =>
  Object.fromEntries(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1)));

export const refusalOf = (answer: Answer): PlainObject | undefined =>
  'refusal' in answer && isObject(answer.refusal) ? answer.refusal : undefined;

/** The embedded answer if the answers differ only in capacities and each of those fits, else the local answer. */
export function withCapacity(embedded: Answer, local: Answer, fits: (our: number, their: number) => boolean): Answer {
  if (!('output' in embedded) || !('output' in local)) return local;
  return isAlike(embedded.output, local.output, (our, their) => our === their, fits) ? embedded : local;
}

type Fits = (our: number, their: number) => boolean;

/** Whether two values are equal, except for numbers in capacities, which only have to fit. */
function isAlike(one: Plain, other: Plain, fits: Fits, capacityFits: Fits): boolean {
  if (typeof one === 'number' && typeof other === 'number') return fits(one, other);
  if (Array.isArray(one) && Array.isArray(other))
    return (
      one.length === other.length && one.every((member, place) => isAlike(member, other[place], fits, capacityFits))
    );
  if (!isObject(one) || !isObject(other)) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => {
      const isCapacity = name === 'ConsumedCapacity' || name === 'capacity';
      return isAlike(one[name] ?? null, other[name] ?? null, isCapacity ? capacityFits : fits, capacityFits);
    })
  );
}
