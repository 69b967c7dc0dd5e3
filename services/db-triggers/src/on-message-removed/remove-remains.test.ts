import { PassingError } from '@posthorn/core';
import { createEventFilter } from '@posthorn/local-event-sources';
import { decodeMessageRemovals, type RemovedMessage } from '@posthorn/models/message-remains';
import { ids, nthId } from '@posthorn/testing';
import type { DynamoDBRecord } from 'aws-lambda';
import { service } from '../../functions.ts';
import { aSetAsideWorld } from '../fixtures/set-aside-world.ts';
import { againFrom, anEvent, done } from '../fixtures/stream-event.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { createRemoveRemains, type RemoveRemainsDeps } from './remove-remains.ts';

/** The record of a removed row, as AWS sends it from a stream with new images: keys only. */
const aRemoval = (sequenceNumber: number, row = nthId('message', sequenceNumber)): DynamoDBRecord => ({
  eventName: 'REMOVE',
  eventSourceARN: 'arn:aws:dynamodb:us-east-1:0:table/posthorn-dev-messages/stream/2026-01-01T00:00:00.000',
  dynamodb: {
    ApproximateCreationDateTime: 1_767_225_600,
    Keys: { partition: { S: `${ids.application}#7` }, row: { S: row } },
    SequenceNumber: String(sequenceNumber),
  },
});

function aTrigger(overrides: Partial<RemoveRemainsDeps> = {}) {
  const world = aSetAsideWorld();
  const asked: RemovedMessage[] = [];
  const deps: RemoveRemainsDeps = {
    ...world,
    removeMessageRemains: async (message) => {
      asked.push(message);
      return 'removed';
    },
    ...overrides,
  };
  return { ...world, asked, handle: createStreamHandler(decodeMessageRemovals, createRemoveRemains(deps)) };
}

describe('on-message-removed', () => {
  it('removes what belongs to each removed message', async () => {
    const { handle, asked, lines } = aTrigger();
    expect(await handle(anEvent(aRemoval(1), aRemoval(2)))).toEqual(done);
    expect(asked).toEqual([1, 2].map((n) => ({ applicationId: ids.application, messageId: nthId('message', n) })));
    expect(lines).toEqual([]);
  });

  it('sets aside a key that is no message, and goes on', async () => {
    const { handle, asked, records } = aTrigger();
    expect(await handle(anEvent(aRemoval(1, 'msg_short'), aRemoval(2)))).toEqual(done);
    expect(asked).toHaveLength(1);
    expect(records.map(({ reason }) => reason)).toEqual(['the row that was removed is not a message']);
  });

  it('runs again from the message that could not be worked on', async () => {
    const { handle } = aTrigger({ removeMessageRemains: () => Promise.reject(new PassingError('away')) });
    expect(await handle(anEvent(aRemoval(1), aRemoval(2)))).toEqual(againFrom(1));
  });
});

describe('the filter of on-message-removed', () => {
  const [event] = service.functions['on-message-removed']?.events ?? [];
  // The patterns are JSON, and so is a record.
  const accepts = createEventFilter(event?.kind === 'stream' ? (event.filterPatterns as never) : []);
  const isAccepted = (record: object) => accepts(JSON.parse(JSON.stringify(record)));

  it('accepts the removal of a message', () => {
    expect(isAccepted(aRemoval(1))).toBe(true);
  });

  it.each([
    [
      'expired messages: a million of them invoke nothing',
      { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } },
    ],
    ['messages that are written', { eventName: 'INSERT' }],
    ['chunk rows', aRemoval(1, '0123456789abcdef#000')],
    ['resends', aRemoval(1, nthId('attempt', 1))],
  ])('leaves out %s', (_, record) => {
    expect(isAccepted({ ...aRemoval(1), ...record })).toBe(false);
  });
});
