const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads `500ms`, `90s`, `10m`, `2h` or `3d`. @returns milliseconds; `undefined` for any other text */
export function readDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(count) * unitMs[unit as keyof typeof unitMs];
}

const isoForm = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Reads a time: a duration before now (`10m`), or a date (`2026-01-31`, in UTC) or time with its zone
 * (`2026-01-31T12:00:00Z`). @returns `undefined` for any other text, and outside of the years 0 to 9999
 */
export function readTimeBefore(text: string, now: Date): Date | undefined {
  const duration = readDuration(text);
  return toWritable(duration === undefined ? readInstant(text) : now.getTime() - duration);
}

/** The same, but a duration counts from now on. */
export function readTimeAfter(text: string, now: Date): Date | undefined {
  const duration = readDuration(text);
  return toWritable(duration === undefined ? readInstant(text) : now.getTime() + duration);
}

const readInstant = (text: string): number => (isoForm.test(text) ? Date.parse(text) : Number.NaN);

const [firstMs, lastMs] = [Date.parse('0000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];

/** Returns no time that cannot be written with a year of four digits: the API takes no other ones. */
const toWritable = (ms: number): Date | undefined => (ms >= firstMs && ms <= lastMs ? new Date(ms) : undefined);
