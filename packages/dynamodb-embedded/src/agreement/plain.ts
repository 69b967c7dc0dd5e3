import type { Answer, Plain } from './normalise.ts';

export type PlainObject = { readonly [name: string]: Plain };

export const isObject = (plain: Plain | undefined): plain is PlainObject =>
  typeof plain === 'object' && plain !== null && !Array.isArray(plain);

/** Changes every object in it, the inner ones first. */
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

/** The local answer with the capacities of the embedded one, where each of its figures is as the known difference says. */
export function withCapacity(embedded: Answer, local: Answer, fits: (our: number, their: number) => boolean): Answer {
  const [ours, theirs] = [firstOutput(embedded), firstOutput(local)];
  if (ours?.ConsumedCapacity === undefined || theirs?.ConsumedCapacity === undefined) return local;
  if (!isAlike(ours.ConsumedCapacity, theirs.ConsumedCapacity, fits)) return local;
  return { output: [{ ...theirs, ConsumedCapacity: ours.ConsumedCapacity }] };
}

const firstOutput = (answer: Answer): PlainObject | undefined => {
  const first: Plain = 'output' in answer && Array.isArray(answer.output) ? answer.output[0] : null;
  return isObject(first) ? first : undefined;
};

/** The same in all but its numbers, which fit. */
function isAlike(one: Plain, other: Plain, fits: (one: number, other: number) => boolean): boolean {
  if (typeof one === 'number' && typeof other === 'number') return fits(one, other);
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((member, place) => isAlike(member, other[place], fits));
  if (!isObject(one) || !isObject(other)) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => isAlike(one[name] ?? null, other[name] ?? null, fits))
  );
}
