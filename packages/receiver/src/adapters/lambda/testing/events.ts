import type { ALBEvent, APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Delivery, HeaderPairs } from '../../testing/a-delivery.ts';

// The events that AWS makes of a request. Each has the fields of the example in the documentation at its link.

/**
 * REST API, Lambda proxy integration, with all media types set as binary. Header names stay as they were sent, and
 * `headers` has the last value of each.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const restApiEvent = (delivery: Delivery): APIGatewayProxyEvent => ({
  resource: '/{proxy+}',
  path: '/webhooks',
  httpMethod: delivery.method,
  headers: lastValues(delivery.headers),
  multiValueHeaders: allValues(delivery.headers),
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  pathParameters: { proxy: 'webhooks' },
  stageVariables: null,
  requestContext: {
    ...contextOfProxy,
    resourceId: 'us4z18',
    resourcePath: '/{proxy+}',
    httpMethod: delivery.method,
    path: '/test/webhooks',
  },
  ...(delivery.body.byteLength === 0
    ? { body: null, isBase64Encoded: false }
    : { body: delivery.body.toString('base64'), isBase64Encoded: true }),
});

/**
 * HTTP API, payload format 1.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const httpApiEventV1 = (delivery: Delivery): APIGatewayProxyEvent & { readonly version: '1.0' } => {
  const headers = lowerCased(delivery.headers);
  return {
    version: '1.0',
    resource: '/webhooks',
    path: '/webhooks',
    httpMethod: delivery.method,
    headers: lastValues(headers),
    multiValueHeaders: allValues(headers),
    queryStringParameters: {},
    multiValueQueryStringParameters: {},
    requestContext: {
      ...contextOfProxy,
      resourceId: 'POST /webhooks',
      resourcePath: '/webhooks',
      httpMethod: delivery.method,
      path: '/webhooks',
    },
    pathParameters: null,
    stageVariables: null,
    ...textOrBase64(delivery),
  };
};

/**
 * HTTP API, payload format 2.0: values of a header that came twice are joined by a comma.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const httpApiEventV2 = (delivery: Delivery): APIGatewayProxyEventV2 => {
  const { body, isBase64Encoded } = textOrBase64(delivery);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/webhooks',
    rawQueryString: '',
    headers: joinedValues(lowerCased(delivery.headers)),
    requestContext: {
      accountId: '123456789012',
      apiId: 'api-id',
      domainName: 'id.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'id',
      http: {
        method: delivery.method,
        path: '/webhooks',
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'agent',
      },
      requestId: 'id',
      routeKey: '$default',
      stage: '$default',
      time: '12/Mar/2020:19:03:58 +0000',
      timeEpoch: 1_583_348_638_390,
    },
    ...(body === null ? {} : { body }),
    isBase64Encoded,
  };
};

/**
 * Function URL: payload format 2.0 as well.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
export const functionUrlEvent = (delivery: Delivery): APIGatewayProxyEventV2 => {
  const event = httpApiEventV2(delivery);
  const requestContext = {
    ...event.requestContext,
    accountId: 'anonymous',
    apiId: 'url-id',
    domainName: 'url-id.lambda-url.us-west-2.on.aws',
    domainPrefix: 'url-id',
  };
  return { ...event, requestContext };
};

/**
 * Load balancer: of a header that came twice, `headers` has the last value only.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#receive-event-from-load-balancer
 */
export const loadBalancerEvent = (delivery: Delivery): ALBEvent => ({
  ...commonOfLoadBalancer(delivery),
  headers: lastValues(lowerCased(delivery.headers)),
});

/**
 * Load balancer whose target group has multi-value headers: there is no `headers` then.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#multi-value-headers
 */
export const loadBalancerEventWithLists = (delivery: Delivery): ALBEvent => ({
  ...commonOfLoadBalancer(delivery),
  multiValueHeaders: allValues(lowerCased(delivery.headers)),
  multiValueQueryStringParameters: {},
});

function commonOfLoadBalancer(delivery: Delivery): ALBEvent {
  const { body, isBase64Encoded } = textOrBase64(delivery);
  const targetGroupArn =
    'arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-target-group/6d0ecf831eec9f09';
  return {
    requestContext: { elb: { targetGroupArn } },
    httpMethod: delivery.method,
    path: '/webhooks',
    queryStringParameters: {},
    body: body ?? '',
    isBase64Encoded,
  };
}

const contextOfProxy = {
  accountId: '123456789012',
  apiId: 'id',
  authorizer: {},
  identity: {
    accessKey: null,
    accountId: null,
    apiKey: null,
    apiKeyId: null,
    caller: null,
    clientCert: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp: '192.0.2.1',
    user: null,
    userAgent: 'agent',
    userArn: null,
  },
  protocol: 'HTTP/1.1',
  requestId: 'id=',
  requestTimeEpoch: 1_583_348_638_390,
  stage: 'test',
};

/** Text types are passed as text. Everything else, and what has an encoding, is base64. */
function textOrBase64({ headers, body }: Delivery): {
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
} {
  if (body.byteLength === 0) return { body: null, isBase64Encoded: false };
  const { 'content-type': type = '', 'content-encoding': encoding } = lastValues(lowerCased(headers));
  const isText = encoding === undefined && /^(text\/|application\/(json|javascript|xml))/.test(type);
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

const lowerCased = (headers: HeaderPairs): HeaderPairs => headers.map(([name, value]) => [name.toLowerCase(), value]);

const lastValues = (headers: HeaderPairs): Record<string, string> => Object.fromEntries(headers);

const allValues = (headers: HeaderPairs): Record<string, string[]> =>
  Object.fromEntries(
    headers.map(([name]) => [name, headers.filter(([other]) => other === name).map(([, value]) => value)]),
  );

const joinedValues = (headers: HeaderPairs): Record<string, string> =>
  Object.fromEntries(Object.entries(allValues(headers)).map(([name, values]) => [name, values.join(',')]));
