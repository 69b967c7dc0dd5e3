import type { ReceivedRequest } from '../../receive/receiver.ts';
import { WebhookError } from '../../webhook-error.ts';
import { requireReceivable } from '../receivable.ts';

type HeaderLists = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * What the HTTP events of Lambda have in common: API Gateway (REST APIs, and HTTP APIs with payload format 1.0 or 2.0),
 * function URLs, and load balancers.
 */
export interface LambdaHttpEvent {
  readonly requestContext: object;
  /** Payload format 2.0 and function URLs have it in `requestContext.http`. */
  readonly httpMethod?: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | null | undefined;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null | undefined;
  /** A text. Anything else was made of it by a parser. */
  readonly body?: unknown;
  readonly isBase64Encoded?: boolean;
}

/** @throws TypeError if the event is of another source, such as a queue or a schedule */
export function requireHttpEvent(event: unknown): LambdaHttpEvent {
  const { requestContext } = (event ?? {}) as Partial<LambdaHttpEvent>;
  if (
    typeof requestContext !== 'object' ||
    requestContext === null ||
    readMethod(event as LambdaHttpEvent) === undefined
  )
    throw new TypeError('The event is not an HTTP request of API Gateway, a function URL or a load balancer.');
  return event as LambdaHttpEvent;
}

/** @param remedy - how to mount the adapter so that nothing parses the body before it */
export function toReceivedRequest(event: LambdaHttpEvent, remedy: string): ReceivedRequest {
  const headers = listHeaders(event);
  return {
    headers,
    check: () => requireReceivable(readMethod(event), findHeader(headers, 'content-encoding')),
    body: async () => readBytes(event, remedy),
  };
}

function readMethod({ httpMethod, requestContext }: LambdaHttpEvent): string | undefined {
  const { http } = requestContext as { readonly http?: { readonly method?: string } };
  return http?.method ?? httpMethod;
}

/** `multiValueHeaders` has every value of a repeated header, where `headers` of a REST API has the last one only. */
const listHeaders = ({ headers, multiValueHeaders }: LambdaHttpEvent): HeaderLists =>
  multiValueHeaders && Object.keys(multiValueHeaders).length > 0 ? multiValueHeaders : (headers ?? {});

const findHeader = (headers: HeaderLists, name: string): string | undefined =>
  Object.entries(headers)
    .find(([other]) => other.toLowerCase() === name)?.[1]
    ?.toString();

function readBytes({ body, isBase64Encoded }: LambdaHttpEvent, remedy: string): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body !== 'string')
    throw new WebhookError(
      'body_not_raw',
      `Something has parsed event.body before the signature was checked. ${remedy}`,
    );
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
}
