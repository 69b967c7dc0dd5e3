export { createAnswerCheck } from './answer-check.ts';
export { hostileRequest } from './hostile-request.ts';
export { type KnownValue, knownValuesAt } from './known-values.ts';
export type { MadeRequest } from './made-request.ts';
export { readOperations } from './read-document.ts';
export { createRequestCheck } from './request-check.ts';
export { createRequestSources, type RequestSources } from './request-sources.ts';
export { validRequest } from './valid-request.ts';
