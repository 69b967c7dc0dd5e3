import type { InformationEvent } from 'node:http';

/** More than any honest server sends within the time limit. */
export const maxInterimAnswers = 50;
/** The most bytes of their headers, names and values together. */
const maxInterimBytes = 65_536;

/** Ignores interim answers (1xx), until there are too many of them or their headers are too long. */
export function countInterimAnswers(onTooMany: () => void): (answer: Pick<InformationEvent, 'rawHeaders'>) => void {
  let count = 0;
  let bytes = 0;
  return ({ rawHeaders }) => {
    count += 1;
    bytes += rawHeaders.reduce((sum, text) => sum + text.length, 0);
    if (count > maxInterimAnswers || bytes > maxInterimBytes) onTooMany();
  };
}
