/** A function's response to an event of an HTTP API, payload version 2.0. */
export interface GatewayResponse {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface GatewayRequest {
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface MatchedRoute {
  readonly routeKey: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The route that API Gateway selects. Routes without parameters come first, `$default` comes last.
 *
 * @param routeKeys - as deployed: `GET /api/v1/app/{app_id}`
 */
export function matchRoute(routeKeys: readonly string[], method: string, path: string): MatchedRoute {
  const matches = routeKeys
    .flatMap((routeKey) => {
      const [ownMethod, pattern = ''] = routeKey.split(' ');
      const match = ownMethod === method ? expressionFor(pattern).exec(path) : null;
      return match ? [{ routeKey, parameters: decoded(match.groups ?? {}) }] : [];
    })
    .toSorted((one, other) => Object.keys(one.parameters).length - Object.keys(other.parameters).length);
  return matches[0] ?? { routeKey: '$default', parameters: {} };
}

const expressionFor = (pattern: string): RegExp => new RegExp(`^${pattern.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);

const decoded = (groups: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));

/** The event that API Gateway makes of a request. */
export function toEvent(
  { method, path, headers, body }: GatewayRequest,
  { routeKey, parameters }: MatchedRoute,
): object {
  const { pathname, search, searchParams } = new URL(path, 'https://api.example.com');
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return {
    version: '2.0',
    routeKey,
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: { host: 'api.example.com', ...length, ...own },
    ...(search === '' ? {} : { queryStringParameters: Object.fromEntries(searchParams) }),
    ...(Object.keys(parameters).length === 0 ? {} : { pathParameters: parameters }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'request',
      routeKey,
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 1_767_225_600_000,
    },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: false,
  };
}
