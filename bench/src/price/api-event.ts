import { randomUUID } from 'node:crypto';

/** The event of API Gateway's HTTP API (payload format 2.0) for one route. */
export function apiEvent(request: {
  /** `POST /api/v1/app/{app_id}/msg` */
  readonly route: string;
  readonly token: string;
  readonly body: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly key?: string;
}): object {
  const { route, token, body, parameters, key } = request;
  const [method = '', template = ''] = route.split(' ');
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? '');
  return {
    version: '2.0',
    routeKey: route,
    rawPath: path,
    rawQueryString: '',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'user-agent': 'svix-libs/1.84.1/javascript',
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'price',
      domainName: 'price.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'price',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'svix-libs' },
      requestId: randomUUID(),
      routeKey: route,
      stage: '$default',
      time: '27/Nov/2026:00:00:00 +0000',
      timeEpoch: 1_795_737_600_000,
    },
    pathParameters: parameters,
    isBase64Encoded: false,
    body,
  };
}
