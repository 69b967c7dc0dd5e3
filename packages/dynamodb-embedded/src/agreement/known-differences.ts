import type { Answer } from './normalise.ts';
import type { Operation } from './operation.ts';

/** Both answers with the differences taken out that README.md lists, and no others. */
export function withoutKnownDifferences(
  _operation: Operation,
  embedded: Answer,
  local: Answer,
): readonly [Answer, Answer] {
  return [embedded, local];
}
