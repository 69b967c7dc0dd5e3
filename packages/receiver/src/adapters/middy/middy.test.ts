import middy7 from '@middy/core';
import jsonBodyParser7 from '@middy/http-json-body-parser';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import middy6 from 'middy-core-6';
import jsonBodyParser6 from 'middy-http-json-body-parser-6';
import { memoryStore } from '../../once/memory-store.ts';
import type { ReceiveOptions, ReceiverOptions } from '../../receive/receiver.ts';
import type { LambdaHttpEvent } from '../lambda/http-event.ts';
import type { LambdaHttpResult } from '../lambda/http-result.ts';
import { startWithEvents } from '../lambda/testing/adapter-of-events.ts';
import { httpApiEventV2, loadBalancerEventWithLists, restApiEvent } from '../lambda/testing/events.ts';
import { aDelivery, aKey } from '../testing/a-delivery.ts';
import { promisesOfAdapter } from '../testing/adapter-promises.ts';
import { type WebhookEvent, webhooks } from './middy.ts';

/** The two versions have types that differ in what they do not use here. */
type Middy = typeof middy7;
const versions: [string, Middy, typeof jsonBodyParser7][] = [
  ['6', middy6 as unknown as Middy, jsonBodyParser6 as unknown as typeof jsonBodyParser7],
  ['7', middy7, jsonBodyParser7],
];
const context = {} as Context;

const heard: unknown[] = [];
const options: ReceiverOptions = { keys: aKey, onError: (error, about) => heard.push([error, about]) };
beforeEach(() => {
  heard.length = 0;
});

describe.each(versions)('middy %s', (version, middy, jsonBodyParser) => {
  for (const [source, toEvent] of [
    ['a REST API', restApiEvent],
    ['an HTTP API', httpApiEventV2],
    ['a load balancer', loadBalancerEventWithLists],
  ] as const) {
    const createHandler = ({ handle, ...given }: ReceiveOptions) => {
      const handler = middy(async ({ webhook }: WebhookEvent) => {
        await handle(webhook, webhook.run);
      }).use(webhooks(given));
      return (event: LambdaHttpEvent) => handler(event as never, context) as unknown as Promise<LambdaHttpResult>;
    };
    promisesOfAdapter(`webhooks() in middy ${version} behind ${source}`, startWithEvents(createHandler, toEvent));
  }

  it('works with a body parser behind it: the handler gets both', async () => {
    const handler = middy<APIGatewayProxyEventV2>()
      .use(webhooks(options))
      .use(jsonBodyParser())
      .handler(async ({ webhook, body }) => ({ statusCode: 202, body: JSON.stringify([webhook.text(), body]) }));
    const result = await handler(httpApiEventV2(aDelivery()) as never, context);
    expect(result).toEqual({ statusCode: 202, body: '["{\\"a\\":1}",{"a":1}]' });
  });

  it('says how to mount it if a body parser is before it', async () => {
    const handler = middy(async () => ({ statusCode: 200 }))
      .use(jsonBodyParser())
      .use(webhooks(options));
    for (const toEvent of [httpApiEventV2, restApiEvent]) {
      const result = await handler(toEvent(aDelivery()) as never, context);
      const detail = expect.stringContaining('.use(webhooks(options)) before .use(httpJsonBodyParser())');
      expect(result).toMatchObject({ statusCode: 500 });
      expect(JSON.parse(String((result as unknown as LambdaHttpResult).body))).toEqual({
        code: 'body_not_raw',
        detail,
      });
    }
    expect(heard).toHaveLength(2);
  });

  it('gives the message back if the handler returns a status other than 2xx, and passes that on', async () => {
    let attempts = 0;
    const handler = middy(async () => {
      attempts += 1;
      return { statusCode: attempts === 1 ? 429 : 200, body: `attempt ${attempts}` };
    }).use(webhooks({ ...options, store: memoryStore() }));
    const send = () => handler(httpApiEventV2(aDelivery()) as never, context);
    expect(await send()).toEqual({ statusCode: 429, body: 'attempt 1' });
    expect(heard).toEqual([[new Error('The handler has returned the status 429.'), { messageId: 'msg_1' }]]);
    expect(await send()).toEqual({ statusCode: 200, body: 'attempt 2' });
    expect(await send()).toMatchObject({ statusCode: 200, body: expect.stringContaining('already_done') });
    expect(attempts).toBe(2);
  });

  it('does not give the message back at a timeout of middy: the handler still runs', async () => {
    const signals: AbortSignal[] = [];
    const handler = middy(async ({ webhook }: WebhookEvent) => {
      signals.push(webhook.run.signal);
      await new Promise(() => undefined);
    }).use(webhooks({ ...options, store: memoryStore() }));
    const short = { getRemainingTimeInMillis: () => 30 } as Context;
    const send = () => handler(httpApiEventV2(aDelivery()) as never, short) as unknown as Promise<LambdaHttpResult>;
    expect(await send()).toMatchObject({ statusCode: 500 });
    expect(await send()).toMatchObject({ statusCode: 503 });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('gives the message back at a timeout of the handler itself', async () => {
    const handler = middy(async () => {
      throw new DOMException('too slow', 'TimeoutError');
    }).use(webhooks({ ...options, store: memoryStore() }));
    const send = () => handler(httpApiEventV2(aDelivery()) as never, context);
    for (const _ of [1, 2]) expect(await send()).toMatchObject({ statusCode: 500 });
  });

  it('gives the message back if the status is no number', async () => {
    const handled: number[] = [];
    const handler = middy(async () => ({ statusCode: 'none' })).use(webhooks({ ...options, store: memoryStore() }));
    const send = () => handler(httpApiEventV2(aDelivery()) as never, context);
    for (const attempt of [1, 2]) {
      expect(await send()).toEqual({ statusCode: 'none' });
      handled.push(attempt);
    }
    expect(handled).toEqual([1, 2]);
    expect(heard).toHaveLength(2);
  });

  it.each<[string, unknown]>([
    ['the output of an SDK call', { $metadata: { httpStatusCode: 200 }, Attributes: {} }],
    ['a status that is not set', { statusCode: undefined, body: '' }],
    ['a status of null', { statusCode: null }],
    ['a text', 'saved'],
    ['a number', 200],
    ['a list', []],
    ['false', false],
  ])('answers 204 if the handler returns no response: %s', async (_, returned) => {
    for (const toEvent of [httpApiEventV2, restApiEvent, loadBalancerEventWithLists]) {
      const handler = middy(async () => returned).use(webhooks({ ...options, store: memoryStore() }));
      const send = () => handler(toEvent(aDelivery()) as never, context);
      expect(await send()).toMatchObject({ statusCode: 204, body: '' });
      expect(await send()).toMatchObject({ statusCode: 200, body: expect.stringContaining('already_done') });
    }
    expect(heard).toEqual([]);
  });

  it('gives the message back if a middleware behind it throws, and keeps the answer that another has made of it', async () => {
    let attempts = 0;
    const fails = {
      before: () => {
        attempts += 1;
        if (attempts === 1) throw new Error('not yet');
      },
    };
    const answers = {
      onError: (request: { response?: unknown }) => {
        request.response = { statusCode: 418 };
      },
    };
    const handler = middy(async () => ({ statusCode: 200 }))
      .use(webhooks({ ...options, store: memoryStore() }))
      .use(answers)
      .use(fails);
    const send = () => handler(httpApiEventV2(aDelivery()) as never, context);
    expect(await send()).toEqual({ statusCode: 418 });
    expect(await send()).toEqual({ statusCode: 200 });
  });

  it('answers 503 in place of the handler if the store cannot note that the message is done', async () => {
    const store = { ...memoryStore(), complete: () => Promise.reject(new Error('no connection')) };
    const handler = middy(async () => ({ statusCode: 200 })).use(webhooks({ ...options, store }));
    expect(await handler(httpApiEventV2(aDelivery()) as never, context)).toMatchObject({ statusCode: 503 });
  });
});

it('has types that add the message to the event, in both versions', () => {
  const six = middy6<APIGatewayProxyEventV2>()
    .use(webhooks(options))
    .handler(async ({ webhook, rawPath }) => ({ statusCode: 200, body: `${webhook.id satisfies string} ${rawPath}` }));
  const seven = middy7<APIGatewayProxyEventV2>()
    .use(webhooks(options))
    .handler(async ({ webhook, rawPath }) => ({ statusCode: 200, body: `${webhook.id satisfies string} ${rawPath}` }));
  expect([six, seven]).toEqual([expect.any(Function), expect.any(Function)]);
});
