import type { Answer } from '../../receive/answer.ts';
import type { LambdaHttpEvent } from './http-event.ts';

/** What a function returns for an HTTP event. */
export interface LambdaHttpResult {
  statusCode: number;
  headers?: Record<string, string>;
  body: string;
  isBase64Encoded: boolean;
  /** For load balancers only. */
  statusDescription?: string;
  /** For load balancers only, if the target group has them: then it ignores `headers`. */
  multiValueHeaders?: Record<string, string[]>;
}

/** Writes an answer in the form that the sender of the event expects. */
export function toHttpResult(event: LambdaHttpEvent, { status, headers, body }: Answer): LambdaHttpResult {
  const common = { statusCode: status, body, isBase64Encoded: false };
  if (!('elb' in event.requestContext)) return { ...common, headers: { ...headers } };
  return {
    ...common,
    statusDescription: `${status} ${reasons[status] ?? 'Unknown'}`,
    ...(event.multiValueHeaders
      ? { multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])) }
      : { headers: { ...headers } }),
  };
}

/** Of every status that a receiver answers with. */
const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  204: 'No Content',
  400: 'Bad Request',
  401: 'Unauthorized',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
