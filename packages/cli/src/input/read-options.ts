import { CliError } from '../exit/cli-error.ts';
import { readDuration, readTimeAfter, readTimeBefore } from '../time/read-time.ts';

/** Collects the values of an option that can be repeated. */
export const collect = (value: string, values: readonly string[] = []): readonly string[] => [...values, value];

/** A timer of Node.js that is longer ends at once. */
const longestTimerMs = 2 ** 31 - 1;

/** A limit of a duration, in milliseconds and as people write it. */
interface DurationLimit {
  readonly ms: number;
  readonly text: string;
}

const longestTimer: DurationLimit = { ms: longestTimerMs, text: '24 days' };

/** Reads the value of an option as a duration in milliseconds. @throws CliError `usage` */
export function requireDuration(
  option: string,
  text: string,
  { least, most = longestTimer }: { readonly least?: DurationLimit; readonly most?: DurationLimit } = {},
): number {
  const duration = readDuration(text);
  if (duration !== undefined && duration > most.ms)
    throw new CliError('usage', `${option} ${text}: is longer than ${most.text}`);
  if (duration !== undefined && least && duration < least.ms)
    throw new CliError('usage', `${option} ${text}: is shorter than ${least.text}`);
  if (duration !== undefined) return duration;
  throw new CliError('usage', `${option} ${text}: is not a valid duration`, {
    remedy: 'Write it as 30s, 10m, 2h or 7d',
  });
}

const timeForms = 'Write it as a duration such as 10m, 2h or 7d, or as a time such as 2026-01-31T12:00:00Z';

/** Reads the value of an option as a time; a duration is before now. @throws CliError `usage` */
export function requireTimeBefore(option: string, text: string, now: Date): Date {
  return readTimeBefore(text, now) ?? refuseTime(option, text);
}

/** The same, but a duration is after now. @throws CliError `usage` */
export function requireTimeAfter(option: string, text: string, now: Date): Date {
  return readTimeAfter(text, now) ?? refuseTime(option, text);
}

function refuseTime(option: string, text: string): never {
  const problem = readDuration(text) === undefined ? 'is no time' : 'is too long: the year has more than four digits';
  throw new CliError('usage', `${option} ${text}: ${problem}`, { remedy: timeForms });
}

/** Reads the value of an option as a whole number that is not negative. @throws CliError `usage` */
export function requireCount(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new CliError('usage', `${option} ${text}: is no whole number`);
}

/** Reads `a,b` as a list of names. */
export const readNames = (text: string): readonly string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
