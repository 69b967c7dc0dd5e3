const msOf: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a point in time: RFC 3339, or how long ago it is.
 *
 * @example readTime('--since', '2h', now) // two hours before now
 * @throws Error that names the option
 */
export function readTime(option: string, text: string, now: Date): Date {
  const [, count, unit = ''] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(now.getTime() - Number(count) * (msOf[unit] ?? 0));
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text)
    ? new Date(text)
    : undefined;
  if (time === undefined || Number.isNaN(time.getTime()))
    throw new Error(
      `${option} ${text}: must be a time such as 2026-01-31T12:00:00Z, or how long ago, such as 30m, 6h, 2d`,
    );
  return time;
}
