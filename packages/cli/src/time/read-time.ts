const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads `500ms`, `90s`, `10m`, `2h` or `3d`. @returns milliseconds; `undefined` for any other text */
export function readDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(count) * unitMs[unit as keyof typeof unitMs];
}

const isoForm = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Reads a time: a duration before now (`10m`), or a date (`2026-01-31`, in UTC) or time with its zone
 * (`2026-01-31T12:00:00Z`). @returns `undefined` for any other text
 */
export function readTimeBefore(text: string, now: Date): Date | undefined {
  const duration = readDuration(text);
  if (duration !== undefined) return new Date(now.getTime() - duration);
  return readInstant(text);
}

/** The same, but a duration counts from now on. */
export function readTimeAfter(text: string, now: Date): Date | undefined {
  const duration = readDuration(text);
  if (duration !== undefined) return new Date(now.getTime() + duration);
  return readInstant(text);
}

function readInstant(text: string): Date | undefined {
  const instant = isoForm.test(text) ? new Date(text) : undefined;
  return instant && !Number.isNaN(instant.getTime()) ? instant : undefined;
}
