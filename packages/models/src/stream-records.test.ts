import { aMessage, anAttempt, ids } from '@posthorn/testing';
import { toAttemptRow } from './attempts/attempt-row.ts';
import { toMessageRow, toRelayRow } from './messages/message-row.ts';
import { type Row, toItem } from './rows/row.ts';
import type { StreamImage } from './stream-images.ts';
import { decodeAttemptRecords, decodeMessageRecords, decodeRecord, type StreamRecord } from './stream-records.ts';

// The types differ only in binary values, and these rows have none.
const imageOf = (row: Row) => toItem(row) as StreamImage;
const keyOf = ({ partition, row }: StreamImage): StreamImage => ({
  ...(partition && { partition }),
  ...(row && { row }),
});
const relay = imageOf(toRelayRow(aMessage()));
const { messageId, applicationId } = aMessage();

const aRecord = (
  overrides: Partial<StreamRecord> = {},
  change: Partial<StreamRecord['dynamodb']> = {},
): StreamRecord => ({
  eventName: 'INSERT',
  eventSourceARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/posthorn-dev-messages/stream/2026-01-01T00:00:00.000',
  dynamodb: {
    ApproximateCreationDateTime: 1_767_225_600.5,
    Keys: keyOf(relay),
    NewImage: relay,
    SequenceNumber: '42',
    ...change,
  },
  ...overrides,
});
const head = { sequenceNumber: '42', changedAt: new Date('2026-01-01T00:00:00.500Z') };
const place = {
  table: 'posthorn-dev-messages',
  key: { partition: `${applicationId}#ordered`, row: messageId },
  sequenceNumber: '42',
};
const row = { kind: 'relay', applicationId, messageId };

describe('decoding stream records', () => {
  it('reads an insert with its place and time', () => {
    const change = { ...head, kind: 'inserted', new: row };
    expect(decodeMessageRecords([aRecord()])).toEqual([{ kind: 'change', place, change }]);
  });

  it('reads an update with both images', () => {
    const before = imageOf(toMessageRow(aMessage()));
    const [decoded] = decodeMessageRecords([
      aRecord({ eventName: 'MODIFY' }, { OldImage: { ...before, body: { S: '{}' } } }),
    ]);
    const old = expect.objectContaining({ kind: 'message', readBody: expect.any(Function) });
    expect(decoded).toEqual({ kind: 'change', place, change: { ...head, kind: 'updated', old, new: row } });
  });

  it.each([
    ['a program', undefined, 'request'],
    ['the time to live', { type: 'Service', principalId: 'dynamodb.amazonaws.com' }, 'expiry'],
    ['another service', { type: 'Service', principalId: 'other.amazonaws.com' }, 'request'],
    ['a user of that name', { type: 'User', principalId: 'dynamodb.amazonaws.com' }, 'request'],
  ])('reads a removal by %s', (_, userIdentity, by) => {
    const removed = aRecord({ eventName: 'REMOVE', userIdentity }, { NewImage: undefined, OldImage: relay });
    const change = { ...head, kind: 'removed', old: row, by };
    expect(decodeMessageRecords([removed])).toEqual([{ kind: 'change', place, change }]);
  });

  it.each([
    [
      'a row of another program',
      aRecord({}, { NewImage: { kind: { S: 'other' } } }),
      'row has an invalid attribute: kind',
    ],
    [
      'an attribute of another type',
      aRecord({}, { NewImage: { ...relay, row: { N: '5' } } }),
      'row has an invalid attribute: row',
    ],
    ['no new image', aRecord({}, { NewImage: undefined }), 'stream record has no NewImage'],
    ['no old image', aRecord({ eventName: 'MODIFY' }), 'stream record has no OldImage'],
    ['an event of another name', aRecord({ eventName: 'OTHER' }), 'stream record has an unknown eventName'],
    [
      'no time',
      aRecord({}, { ApproximateCreationDateTime: undefined }),
      'stream record has no ApproximateCreationDateTime',
    ],
  ])('returns the reason and the place of a record that it cannot decode: %s', (_, record, reason) => {
    expect(decodeMessageRecords([record, aRecord()])).toEqual([
      { kind: 'undecodable', place, reason },
      expect.objectContaining({ kind: 'change' }),
    ]);
  });

  it('returns as much of the place as the record has', () => {
    expect(decodeMessageRecords([{}])).toEqual([
      {
        kind: 'undecodable',
        place: { table: '', key: {}, sequenceNumber: '' },
        reason: 'stream record has no SequenceNumber',
      },
    ]);
  });

  it('reads what statistics count of attempts', () => {
    const image = imageOf(toAttemptRow(anAttempt({ status: 'failed' }), { successDays: 30, failureDays: 90 }));
    const [decoded] = decodeAttemptRecords([aRecord({}, { NewImage: image })]);
    expect(decoded).toMatchObject({
      change: {
        kind: 'inserted',
        new: { endpointId: ids.endpoint, succeeded: false, attemptedAt: anAttempt().attemptedAt },
      },
    });
  });

  it("passes the images of any table to the caller's reader", () => {
    const image: StreamImage = { id: { N: '9007199254740993' }, tags: { SS: ['a'] } };
    const record = aRecord({}, { Keys: { id: { N: '9007199254740993' }, at: { B: 'AQ==' } }, NewImage: image });
    expect(decodeRecord(record, (own) => own)).toEqual({
      kind: 'change',
      place: { ...place, key: { id: '9007199254740993', at: 'AQ==' } },
      change: { ...head, kind: 'inserted', new: image },
    });
  });
});
