import type { ApiAnswer, ApiEvent } from './api-event.ts';

const preflightSeconds = 600;

/** The answer to a CORS preflight: all methods, and the headers that the browser asks for. */
export const preflightAnswer = (event: ApiEvent): ApiAnswer => ({
  statusCode: 204,
  headers: {
    'access-control-allow-methods': 'GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS',
    'access-control-allow-headers': event.headers['access-control-request-headers'] ?? '*',
    'access-control-max-age': String(preflightSeconds),
  },
});
