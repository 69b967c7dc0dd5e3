/**
 * The schema that messages are checked against: the one of the highest version. Versions that are no whole numbers come
 * before all numbers, by their text.
 *
 * @returns undefined if there is none
 */
export function newestSchema(schemas: Readonly<Record<string, unknown>>): { readonly schema: unknown } | undefined {
  const [newest] = Object.keys(schemas).sort(compareVersions).slice(-1);
  return newest === undefined ? undefined : { schema: schemas[newest] };
}

const isNumber = (version: string): boolean => /^\d{1,15}$/.test(version);

function compareVersions(one: string, other: string): number {
  const [isOne, isOther] = [isNumber(one), isNumber(other)];
  if (isOne !== isOther) return isOne ? 1 : -1;
  if (isOne && Number(one) !== Number(other)) return Number(one) - Number(other);
  return one < other ? -1 : 1;
}
