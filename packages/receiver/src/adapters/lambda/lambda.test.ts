import { matchRoute, toEvent } from '@posthorn/deployed-tests/gateway';
import type {
  ALBHandler,
  APIGatewayProxyHandler,
  APIGatewayProxyHandlerV2,
  LambdaFunctionURLHandler,
} from 'aws-lambda';
import { aDelivery, aKey, type Delivery } from '../testing/a-delivery.ts';
import { promisesOfAdapter } from '../testing/adapter-promises.ts';
import { createLambdaReceiver, type LambdaHttpEvent } from './lambda.ts';
import { startWithEvents } from './testing/adapter-of-events.ts';
import {
  functionUrlEvent,
  httpApiEventV1,
  httpApiEventV2,
  loadBalancerEvent,
  loadBalancerEventWithLists,
  restApiEvent,
} from './testing/events.ts';

for (const [name, toEvent] of [
  ['a REST API', restApiEvent],
  ['an HTTP API with payload format 1.0', httpApiEventV1],
  ['an HTTP API with payload format 2.0', httpApiEventV2],
  ['a function URL', functionUrlEvent],
  ['a load balancer with multi-value headers', loadBalancerEventWithLists],
] as const) {
  promisesOfAdapter(`createLambdaReceiver behind ${name}`, startWithEvents(createLambdaReceiver, toEvent));
}
promisesOfAdapter(
  'createLambdaReceiver behind a load balancer',
  startWithEvents(createLambdaReceiver, loadBalancerEvent),
  {
    seesRepeatedHeaders: false,
  },
);

const options = { keys: aKey, handle: () => undefined, onError: () => undefined };
const receive = createLambdaReceiver(options);
const asEvent = (event: object) => event as LambdaHttpEvent;

it('takes the events of the emulated gateway of the deployment tests', async () => {
  const routes = ['POST /webhooks', '$default'];
  const send = ({ method, headers, body }: Delivery) => {
    const request = { method, path: '/webhooks', headers: Object.fromEntries(headers), body: body.toString() };
    return receive(asEvent(toEvent(request, matchRoute(routes, method, '/webhooks'))));
  };
  expect(await send(aDelivery({ body: '{"a":"é"}' }))).toMatchObject({ statusCode: 204 });
  expect(await send({ ...aDelivery(), body: Buffer.from('{}') })).toMatchObject({ statusCode: 401 });
  expect(await send(aDelivery({ method: 'GET' }))).toMatchObject({ statusCode: 405 });
});

it.each([
  ['REST API', restApiEvent],
  ['HTTP API', httpApiEventV2],
  ['function URL', functionUrlEvent],
])('returns status, headers and body to a %s', async (_, toEvent) => {
  const json = { 'content-type': 'application/json' };
  const unsigned = { ...aDelivery(), headers: [] };
  expect(await receive(toEvent(aDelivery()))).toEqual({
    statusCode: 204,
    headers: {},
    body: '',
    isBase64Encoded: false,
  });
  expect(await receive(toEvent(unsigned))).toEqual({
    statusCode: 400,
    headers: json,
    body: expect.stringContaining('header_missing'),
    isBase64Encoded: false,
  });
});

it('returns a status text to a load balancer, and lists if its event has lists', async () => {
  const refused = aDelivery({ method: 'PUT' });
  expect(await receive(loadBalancerEvent(refused))).toEqual({
    statusCode: 405,
    statusDescription: '405 Method Not Allowed',
    isBase64Encoded: false,
    headers: { 'content-type': 'application/json', allow: 'POST' },
    body: expect.any(String),
  });
  expect(await receive(loadBalancerEventWithLists(refused))).toEqual({
    statusCode: 405,
    statusDescription: '405 Method Not Allowed',
    isBase64Encoded: false,
    multiValueHeaders: { 'content-type': ['application/json'], allow: ['POST'] },
    body: expect.any(String),
  });
});

it('takes a test event of the console, which may have no headers', async () => {
  const event = { ...restApiEvent(aDelivery()), headers: null, multiValueHeaders: null };
  expect(await receive(event)).toMatchObject({ statusCode: 400 });
});

it.each([
  ['of a queue', { Records: [] }],
  ['of a schedule', { source: 'aws.events', detail: {} }],
  ['of a WebSocket', { requestContext: { routeKey: '$connect' } }],
  ['without a context', { requestContext: null, httpMethod: 'POST' }],
  ['that is nothing', undefined],
])('throws at an event %s', async (_, event) => {
  await expect(receive(asEvent(event as object))).rejects.toThrow('not an HTTP request');
});

it('says what to do if something has parsed the body', async () => {
  const event = { ...httpApiEventV2(aDelivery()), body: { a: 1 } };
  expect(JSON.parse((await receive(event)).body)).toEqual({
    code: 'body_not_raw',
    detail: expect.stringContaining('as Lambda gave it'),
  });
});

it('has the types of handlers', () => {
  const handlers: [APIGatewayProxyHandler, APIGatewayProxyHandlerV2, LambdaFunctionURLHandler, ALBHandler] = [
    receive,
    receive,
    receive,
    receive,
  ];
  expect(handlers).toHaveLength(4);
});
