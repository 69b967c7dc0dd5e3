import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { MatchedRoute } from './routes.ts';

export interface ReceivedRequest {
  readonly request: IncomingMessage;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly body: Buffer | undefined;
  readonly requestId: string;
  readonly now: Date;
}

/**
 * Makes the event of API Gateway (payload format 2.0). The body is always base64, so that the function gets every byte as
 * it was sent.
 */
export function toEvent(
  { request, path, query, body, requestId, now }: ReceivedRequest,
  { routeKey, parameters }: Pick<MatchedRoute, 'routeKey' | 'parameters'>,
): APIGatewayProxyEventV2 {
  const headers = joined(request);
  const { cookie } = request.headers;
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
    headers,
    ...(query === '' ? {} : { queryStringParameters: parametersOf(query) }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http: {
        method: request.method ?? 'GET',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage: '$default',
      time: now.toISOString(),
      timeEpoch: now.getTime(),
    },
    ...(parameters === undefined ? {} : { pathParameters: { ...parameters } }),
    ...(body === undefined ? { isBase64Encoded: false } : { body: body.toString('base64'), isBase64Encoded: true }),
  };
}

/** The headers by their names in lower case. Values of a repeated header are joined by a comma. */
function joined({ rawHeaders }: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    const earlier = Object.hasOwn(headers, name) ? headers[name] : undefined;
    headers[name] = earlier === undefined ? value : `${earlier},${value}`;
  }
  return headers;
}

/** Values of a repeated parameter are joined by a comma. */
function parametersOf(query: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    parameters[name] = Object.hasOwn(parameters, name) ? `${parameters[name]},${value}` : value;
  }
  return parameters;
}
