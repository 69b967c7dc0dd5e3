import type { Context } from 'aws-lambda';
import { aFunction } from '../testing/builders.ts';
import { createInvoker, type Invoker, TimedOut } from './invoker.ts';

const stuck: string[] = [];
let now = 0;
const invokers: Invoker[] = [];
afterAll(() => {
  for (const invoker of invokers) invoker.close();
});
beforeEach(() => {
  stuck.length = 0;
  now = 0;
});

function anInvocation(event: object = {}) {
  const invoker = createInvoker(
    (key) => stuck.push(key),
    () => now,
  );
  invokers.push(invoker);
  const end = Promise.withResolvers<unknown>();
  let context: Context | undefined;
  const handle = (_: never, given?: Context) => {
    context = given;
    return end.promise;
  };
  const result = invoker.of(aFunction('work', [], handle))(event);
  return { invoker, end, result, context: () => context };
}

it('tells the function how much time is left', () => {
  const { context } = anInvocation();
  now = 4_000;
  expect(context()?.getRemainingTimeInMillis()).toBe(6_000);
  expect(context()).toMatchObject({
    functionName: 'test-local-work',
    awsRequestId: expect.stringMatching(/^[\da-f-]{36}$/),
  });
});

it('gives an invocation the id of its HTTP request', () => {
  const { context } = anInvocation({ requestContext: { requestId: 'one' } });
  expect(context()?.awsRequestId).toBe('one');
});

it('counts a result after the time limit as a failure, and waits until the invocation has settled', async () => {
  const { invoker, end, result } = anInvocation();
  now = 10_001;
  expect(invoker.running()).toBe(1);
  end.resolve('late');
  await expect(result).rejects.toThrow(TimedOut);
  await expect(result).rejects.toThrow(TimedOut);
  expect(invoker.running()).toBe(0);
});

it('passes results and errors on', async () => {
  const first = anInvocation();
  first.end.resolve('done');
  expect(await first.result).toBe('done');
  const second = anInvocation();
  second.end.reject(new Error('broken'));
  await expect(second.result).rejects.toThrow('broken');
});

it('reports an invocation that still runs a minute after its time limit, and no other one', async () => {
  const { invoker, end, result } = anInvocation();
  now = 70_000;
  invoker.look();
  expect(stuck).toEqual([]);
  now = 70_001;
  invoker.look();
  expect(stuck).toEqual(['work']);
  end.resolve('late');
  await expect(result).rejects.toThrow(TimedOut);
});
