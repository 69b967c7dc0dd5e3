import middy from '@middy/core';
import httpRouter, { type Route } from '@middy/http-router';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2, Context } from 'aws-lambda';

type Get = Route<APIGatewayProxyEventV2, APIGatewayProxyResultV2>;
const steps: string[] = [];

const showOrder: Get = {
  method: 'GET',
  path: '/orders/{id}',
  handler: async ({ pathParameters }) => {
    steps.push('handler');
    if (pathParameters?.id !== '7') throw new Error('no such order');
    return { statusCode: 200, body: '{"id":7}' };
  },
};

const traced = (name: string) => ({
  before: () => void steps.push(`${name} before`),
  after: () => void steps.push(`${name} after`),
  onError: () => void steps.push(`${name} onError`),
});

/** In Express, this is a middleware with four parameters, behind all others. */
const answerErrors = {
  onError: (request: { error: Error | null; response?: unknown }) => {
    request.response = { statusCode: 404, body: request.error?.message };
  },
};

const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyResultV2>()
  .use(traced('log'))
  .use(answerErrors)
  .use(traced('auth'))
  .handler(httpRouter([showOrder]));

/** What Lambda does for each request. API Gateway has made the event from it. */
async function request(path: string): Promise<void> {
  const event = { version: '2.0', rawPath: path, requestContext: { http: { method: 'GET', path } } };
  // Nothing here reads the rest of the event, or the context.
  const answer = await handler(event as APIGatewayProxyEventV2, {} as Context);
  process.stdout.write(`GET ${path}: ${JSON.stringify(answer)}\n  ${steps.splice(0).join(', ')}\n`);
}

await request('/orders/7');
await request('/orders/8');
await request('/carts');
