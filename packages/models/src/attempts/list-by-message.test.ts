import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import {
  type Attempt,
  type AttemptQuery,
  directionOf,
  firstAttemptIdOf,
  type PageRequest,
  timeOfId,
} from '@posthorn/core';
import { anAttempt, anEndpoint, ids, inMemoryAttempts, nthId, secondsLater } from '@posthorn/testing';
import { walkPages } from '@posthorn/testing/contract/walk-list';
import fc from 'fast-check';
import { createAttemptRepository } from '../attempts.ts';
import { createEndpointRepository } from '../endpoints.ts';
import { toItem } from '../rows/row.ts';
import { createTestStore } from '../test-store.ts';
import { toAttemptRow } from './attempt-row.ts';

const seed = 20_261_127;
const daySeconds = 24 * 3_600;
const runSeconds = 60;
/** Each run has a message of its own. */
const acceptedAtOf = (run: number) => 10 * daySeconds + run * runSeconds;
const retention = { successDays: 30, failureDays: 90 };

/** What becomes of an endpoint after the message was accepted. */
const anyEndpoint = fc.record({
  isDeleted: fc.boolean(),
  first: fc.constantFrom('none', 'succeeded', 'failed', 'recorded by an earlier version', 'late'),
  others: fc.array(
    fc.record({ trigger: fc.constantFrom('scheduled', 'manual'), status: fc.constantFrom('succeeded', 'failed') }),
    { maxLength: 3 },
  ),
});

const anyQuery = fc.record(
  {
    status: fc.constantFrom<Attempt['status']>('succeeded', 'failed'),
    statusCodeClass: fc.constantFrom(200, 500),
    channel: fc.constantFrom('eu', 'us'),
    eventTypes: fc.constantFrom(['a'], ['a', 'b'], []),
    after: fc.constantFrom(0, 2),
    before: fc.constantFrom(0, 1, 3),
  },
  { requiredKeys: [] },
);

it('finds the attempts of a message once and in order, wherever they are stored', async () => {
  const store = await createTestStore('attempts', 'endpoints');
  const endpoints = createEndpointRepository(store);
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        places: fc.array(anyEndpoint, { maxLength: 8 }),
        filters: anyQuery,
        ofEndpoint: fc.option(fc.nat({ max: 7 })),
        start: fc.record({
          limit: fc.integer({ min: 1, max: 7 }),
          direction: fc.constantFrom<PageRequest['direction']>('forward', 'backward'),
        }),
        maxRowsRead: fc.integer({ min: 1, max: 12 }),
        withResponse: fc.boolean(),
      }),
      async ({ places, filters: { after, before, ...filters }, ofEndpoint, start, maxRowsRead, withResponse }) => {
        run += 1;
        const acceptedAt = acceptedAtOf(run);
        const [applicationId, messageId] = [nthId('application', run), nthId('message', acceptedAt)];
        const now = secondsLater(acceptedAt + 3_600);
        const attempts = createAttemptRepository({ ...store, maxRowsRead });
        const model = inMemoryAttempts(retention);
        for (const [n, place] of places.entries()) {
          const endpointId = nthId('endpoint', acceptedAt + n);
          const endpoint = anEndpoint({ applicationId, endpointId });
          await endpoints.insert(endpoint);
          for (const { attempt, isEarlier } of attemptsOf({
            applicationId,
            messageId,
            acceptedAt,
            endpointId,
            n,
            ...place,
          })) {
            await model.record(attempt);
            if (isEarlier) await recordAsEarlier(attempt);
            else await attempts.record(attempt);
          }
          if (place.isDeleted) await endpoints.delete(endpoint, secondsLater(acceptedAt + n));
        }
        const endpointId = ofEndpoint === null ? {} : { endpointId: nthId('endpoint', acceptedAt + ofEndpoint) };
        const window = {
          ...(after !== undefined && { after: secondsLater(acceptedAt + after) }),
          ...(before !== undefined && { before: secondsLater(acceptedAt + before) }),
        };
        const request = { ...filters, ...window, ...endpointId, applicationId, withResponse };
        const direction = directionOf({ ...start, ...window });
        const pages = (repository: Pick<typeof attempts, 'listByMessage'>) =>
          walkPages(
            (page) => repository.listByMessage(messageId, { ...request, ...page }, now),
            ({ attemptId }) => attemptId,
            { ...start, direction },
          );
        const [found, expected] = [await pages(attempts), await pages(model)];
        const inOrder = (all: typeof found) => (direction === 'forward' ? all : all.toReversed()).flat();
        expect(inOrder(found)).toEqual(inOrder(expected));
        for (const page of found) expect(page.length).toBeLessThanOrEqual(start.limit);
        for (const attempt of model.all()) expect(await attempts.findOfMessage(attempt)).toEqual(attempt);
      },
    ),
    { seed, numRuns: 150 },
  );

  /** As a version did that had every attempt in the index. */
  async function recordAsEarlier(attempt: Attempt): Promise<void> {
    const row = { ...toAttemptRow(attempt, retention), message: undefined, messageId: attempt.messageId };
    await store.client.send(new PutItemCommand({ TableName: tableName(store.stage, 'attempts'), Item: toItem(row) }));
  }
});

interface Place {
  readonly applicationId: string;
  readonly messageId: string;
  readonly acceptedAt: number;
  readonly endpointId: string;
  readonly n: number;
  readonly first: 'none' | 'succeeded' | 'failed' | 'recorded by an earlier version' | 'late';
  readonly others: readonly { readonly trigger: 'scheduled' | 'manual'; readonly status: 'succeeded' | 'failed' }[];
}

function attemptsOf({ applicationId, messageId, acceptedAt, endpointId, n, first, others }: Place) {
  const base = {
    applicationId,
    endpointId,
    messageId,
    channels: n % 2 === 0 ? ['eu'] : [],
    eventType: n % 3 === 0 ? 'a' : 'b',
  };
  const codeOf = (status: Attempt['status']) => ({ status, responseStatusCode: status === 'failed' ? 500 : 200 });
  const attemptId =
    first === 'late' ? nthId('attempt', acceptedAt + 40 + n) : firstAttemptIdOf({ messageId, endpointId });
  // Some wait for a while after the time that they were planned for.
  const made = (id: string) => ({
    attemptId: id,
    attemptedAt: new Date(timeOfId(id).getTime() + (n % 3) * 1_000),
  });
  const firstOne = anAttempt({ ...base, ...made(attemptId), ...codeOf(first === 'failed' ? 'failed' : 'succeeded') });
  return [
    ...(first === 'none' ? [] : [{ attempt: firstOne, isEarlier: first === 'recorded by an earlier version' }]),
    ...others.map(({ trigger, status }, index) => ({
      isEarlier: false,
      attempt: anAttempt({
        ...base,
        ...codeOf(status),
        trigger,
        attemptNumber: trigger === 'manual' ? 1 : index + 2,
        ...made(nthId('attempt', acceptedAt + 1 + n + index * 10)),
      }),
    })),
  ];
}

it('finds the attempts of a message at an endpoint that was deleted, until they expire', async () => {
  const store = await createTestStore('attempts', 'endpoints');
  const [endpoints, attempts] = [createEndpointRepository(store), createAttemptRepository(store)];
  const endpoint = anEndpoint();
  const acceptedAt = acceptedAtOf(0);
  const messageId = nthId('message', acceptedAt);
  await endpoints.insert(endpoint);
  const attemptId = firstAttemptIdOf({ messageId, endpointId: ids.endpoint });
  await attempts.record(anAttempt({ messageId, attemptId }));
  await endpoints.delete(endpoint, secondsLater(acceptedAt + 1));
  const query: AttemptQuery = { limit: 10, direction: 'forward', withResponse: false };
  const listed = async (seconds: number) => {
    const page = { ...query, applicationId: ids.application };
    return (await attempts.listByMessage(messageId, page, secondsLater(seconds))).items.length;
  };
  expect(await listed(acceptedAt + 29 * daySeconds)).toBe(1);
  expect(await listed(acceptedAt + 31 * daySeconds)).toBe(0);
  expect(await endpoints.listForFanOut(ids.application)).toEqual([]);
});
