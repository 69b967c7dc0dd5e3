/** Names of LevelDB's files in a folder. Numbers have at least six digits. */
const padded = (number: number): string => String(number).padStart(6, '0');

export const currentName = 'CURRENT';
export const logName = (number: number): string => `${padded(number)}.log`;
export const tableName = (number: number): string => `${padded(number)}.ldb`;
/** A name that older versions of LevelDB gave tables. */
export const oldTableName = (number: number): string => `${padded(number)}.sst`;

const log = /^(\d+)\.log$/;
const rows = /^(?:\d+\.(?:log|ldb|sst)|MANIFEST-\d+)$/;

/** Returns the number of a log by its name, or nothing if the name is not one of a log. */
export function logNumberOf(name: string): number | undefined {
  const digits = log.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Whether a file of this name can have rows in it, or says which files have. */
export const hasRows = (name: string): boolean => rows.test(name);
