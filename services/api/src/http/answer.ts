import type { ApiAnswer } from './api-event.ts';

const jsonHeaders = { 'content-type': 'application/json' };

/** An answer whose body is already JSON text. */
export const jsonText = (statusCode: number, body: string): ApiAnswer => ({ statusCode, headers: jsonHeaders, body });

/** An answer in JSON. */
export const json = (statusCode: number, value: unknown): ApiAnswer => jsonText(statusCode, JSON.stringify(value));

/** An answer without a body. */
export const noContent = (): ApiAnswer => ({ statusCode: 204 });

/** The answer with one header more. Its name is in lower case. */
export const withHeader = (answer: ApiAnswer, name: string, value: string): ApiAnswer => ({
  ...answer,
  headers: { ...answer.headers, [name]: value },
});

/** An answer that no one stores: a repetition with its idempotency key is done again. */
export const unstored = (answer: ApiAnswer): ApiAnswer => withHeader(answer, 'cache-control', 'no-store');

export const isUnstored = ({ headers }: ApiAnswer): boolean => headers?.['cache-control'] === 'no-store';
