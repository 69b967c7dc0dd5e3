import type { Progress } from '@posthorn/local-storage';

const everyMs = 2_000;
const mb = 2 ** 20;

/** Prints how far long work is, every two seconds. Short work prints nothing. */
export function createProgressLines(
  print: (line: string) => void,
  now: () => number = () => performance.now(),
): Progress {
  let printedAt = now();
  return ({ doing, done, total }) => {
    if (now() - printedAt < everyMs) return;
    printedAt = now();
    print(total === undefined ? `${doing}: ${done} …` : `${doing}: ${inMb(done)} of ${inMb(total)} MB …`);
  };
}

/** Megabytes, rounded up. */
export const inMb = (bytes: number): number => Math.ceil(bytes / mb);
