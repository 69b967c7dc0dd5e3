import { readFile } from 'node:fs/promises';
import { uptime } from 'node:os';

const linuxBootId = '/proc/sys/kernel/random/boot_id';
const toleranceSeconds = 120;
const byTime = /^boot-time (\d+)$/;

/**
 * Returns a text that stays the same until the machine starts again: the kernel's boot id on Linux, otherwise the time of
 * the boot in seconds since 1970.
 */
export async function readBootId(): Promise<string> {
  try {
    return (await readFile(linuxBootId, 'utf8')).trim();
  } catch {
    // Only Linux has the file.
    return `boot-time ${Math.round(Date.now() / 1_000 - uptime())}`;
  }
}

/** Whether two boot ids are of one boot. Boot times differ a little, because the clock is set now and then. */
export function isSameBoot(one: string, other: string): boolean {
  const [oneTime, otherTime] = [byTime.exec(one)?.[1], byTime.exec(other)?.[1]];
  if (oneTime === undefined || otherTime === undefined) return one === other;
  return Math.abs(Number(oneTime) - Number(otherTime)) <= toleranceSeconds;
}
