import { createMatcher } from './create-matcher.ts';
import { type DescribedApi, readOperations } from './read-document.ts';

/** An answer to a request. */
export interface GivenAnswer {
  readonly status: number;
  readonly body: string;
}

/** Returns what is wrong with an answer of an operation, compared with the document; `undefined` if nothing is. */
export function createAnswerCheck(document: DescribedApi) {
  const matches = createMatcher(document);
  const operations = new Map(readOperations(document).map((operation) => [operation.operationId, operation]));
  return (operationId: string, { status, body }: GivenAnswer): string | undefined => {
    const described = operations.get(operationId)?.answers[status];
    if (described === undefined) return `the document has no answer ${status} of ${operationId}: ${body}`;
    if (described !== null && !matches(described, JSON.parse(body)))
      return `the document describes another answer ${status} of ${operationId} than ${body}`;
    return undefined;
  };
}
