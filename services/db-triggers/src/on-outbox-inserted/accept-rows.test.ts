import { type Message, PassingError, placementOfMessageId } from '@posthorn/core';
import { createMessageAcceptor, createTargetFinder, orderLeaseMs } from '@posthorn/intake';
import { decodeOutboxRecords } from '@posthorn/models/outbox';
import { type Row, toItem } from '@posthorn/models/rows/row';
import {
  anApplication,
  ids,
  inMemoryApplications,
  inMemoryClaims,
  inMemoryMessages,
  secondsLater,
  startOfTests,
} from '@posthorn/testing';
import type { DynamoDBRecord } from 'aws-lambda';
import { aSetAsideWorld } from '../fixtures/set-aside-world.ts';
import { againFrom, anEvent, done } from '../fixtures/stream-event.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { type AcceptRowsDeps, createAcceptRows } from './accept-rows.ts';

type Image = NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>;

const aRow = (n: number, overrides: Row = {}): Row => ({
  orderingKey: 'order-1',
  id: `row-${n}`,
  createdAt: startOfTests.toISOString(),
  application: 'toys',
  eventType: 'order.paid',
  payload: `{"n": ${n}}`,
  ...overrides,
});

/** The record of a row that was put, as AWS sends it. */
function aPut(n: number, overrides: Row = {}, eventName: DynamoDBRecord['eventName'] = 'INSERT'): DynamoDBRecord {
  // The image of a row, but for the client's type of binary values: these rows have none.
  const image = toItem(aRow(n, overrides)) as Image;
  const { orderingKey = { S: '' }, id = { S: '' } } = image;
  return {
    ...(eventName && { eventName }),
    eventSourceARN: 'arn:aws:dynamodb:us-east-1:0:table/posthorn-dev-outbox/stream/2026-01-01T00:00:00.000',
    dynamodb: {
      ApproximateCreationDateTime: startOfTests.getTime() / 1_000,
      Keys: { orderingKey, id },
      ...(eventName !== 'REMOVE' && { NewImage: image }),
      SequenceNumber: String(n),
    },
  };
}

/** The trigger over an organisation with one application, and what it has accepted and removed. */
async function aTrigger(overrides: Partial<AcceptRowsDeps> = {}, application = anApplication({ uid: 'toys' })) {
  const applications = inMemoryApplications();
  await applications.insert(application);
  const messages = inMemoryMessages();
  const removed: string[] = [];
  const world = aSetAsideWorld();
  const accepting = {
    findAccepting: applications.findAccepting,
    insertApplication: applications.insert,
    claims: inMemoryClaims(),
    messages,
    clock: () => startOfTests,
    randomBytes: (length: number) => new Uint8Array(length),
    retentionMs: 90 * 24 * 3_600_000,
    orderLeaseMs,
  };
  const deps: AcceptRowsDeps = {
    ...world,
    organisationId: ids.organisation,
    findTarget: createTargetFinder(accepting),
    acceptMessage: createMessageAcceptor(accepting),
    remove: async ({ id }) => void removed.push(id),
    ...overrides,
  };
  return {
    ...world,
    applications,
    messages,
    removed,
    deps,
    handle: createStreamHandler(decodeOutboxRecords, createAcceptRows(deps)),
  };
}

const bodies = (messages: readonly Message[]) => messages.map(({ body }) => body);
const outage = () => new PassingError('away');

describe('on-outbox-inserted', () => {
  it('makes each row a message with all that it says, and removes the row', async () => {
    const { handle, messages, removed, lines } = await aTrigger();
    const more = { eventId: 'paid-1', channels: ['eu', 'eu'], tags: new Set(['blue']) };
    expect(await handle(anEvent(aPut(1, more)))).toEqual(done);
    const [message] = messages.all();
    expect(message).toMatchObject({
      organisationId: ids.organisation,
      applicationId: ids.application,
      eventType: 'order.paid',
      body: '{"n": 1}',
      contentType: 'application/json',
      eventId: 'paid-1',
      channels: ['eu'],
      tags: ['blue'],
      orderingKey: 'order-1',
    });
    expect(placementOfMessageId(message?.messageId ?? '')).toBe('sharded');
    expect([removed, lines]).toEqual([['row-1'], []]);
  });

  it('finds the application by its id too, and in the organisation that the row names', async () => {
    const { handle, messages, records } = await aTrigger({ organisationId: undefined });
    const organisation = ids.organisation;
    await handle(anEvent(aPut(1, { organisation }), aPut(2, { organisation, application: ids.application }), aPut(3)));
    expect(messages.all()).toHaveLength(2);
    expect(records.map(({ reason }) => reason)).toEqual([
      'row has no organisation, and POSTHORN_ORGANISATION is not set',
    ]);
  });

  it('puts the message into the order of an application that keeps one', async () => {
    const { handle, messages } = await aTrigger({}, anApplication({ uid: 'toys', orderedAt: startOfTests }));
    await handle(anEvent(aPut(1), aPut(2)));
    expect(bodies(messages.relayed())).toEqual(['{"n": 1}', '{"n": 2}']);
  });

  it('reads the application once for a batch', async () => {
    const { deps } = await aTrigger();
    let reads = 0;
    const findTarget: AcceptRowsDeps['findTarget'] = (request) => {
      reads += 1;
      return deps.findTarget(request);
    };
    const { handle } = await aTrigger({ findTarget });
    await handle(anEvent(...Array.from({ length: 40 }, (_, n) => aPut(n, { orderingKey: `order-${n % 7}` }))));
    expect(reads).toBe(1);
  });

  it('takes a row that is put over another one for a new row, and ignores removals', async () => {
    const { handle, messages, records } = await aTrigger();
    const later = { createdAt: secondsLater(1).toISOString(), payload: '{"later":true}' };
    expect(await handle(anEvent(aPut(1), aPut(1, later, 'MODIFY'), aPut(1, {}, 'REMOVE')))).toEqual(done);
    expect(bodies(messages.all()).sort()).toEqual(['{"later":true}', '{"n": 1}']);
    expect(records).toEqual([]);
  });
});

describe('on-outbox-inserted, when it comes again', () => {
  it('makes the same message', async () => {
    const { handle, messages, removed } = await aTrigger();
    for (let times = 0; times < 3; times += 1) await handle(anEvent(aPut(1, { eventId: 'paid-1' })));
    expect(messages.all()).toHaveLength(1);
    expect(removed).toEqual(['row-1', 'row-1', 'row-1']);
  });

  it('makes the same message when the same row is put again later', async () => {
    const { handle, messages } = await aTrigger();
    const again = aPut(9, { id: 'row-1', payload: '{"n": 1}' });
    await handle(anEvent(aPut(1)));
    await handle(anEvent({ ...again, dynamodb: { ...again.dynamodb, ApproximateCreationDateTime: 1_767_229_000 } }));
    expect(messages.all()).toHaveLength(1);
  });

  it.each([
    ['id', { id: 'row-2' }],
    ['ordering key', { orderingKey: 'order-2' }],
    ['time', { createdAt: secondsLater(1).toISOString() }],
  ])('makes another message for a row with another %s', async (_, other) => {
    const { handle, messages } = await aTrigger();
    await handle(anEvent(aPut(1), aPut(1, other)));
    expect(messages.all()).toHaveLength(2);
  });
});

describe('on-outbox-inserted, with a row that can never be accepted', () => {
  it.each<[string, Row, string]>([
    ['no such application', { application: 'books' }, 'Application not found'],
    ['no application', { application: undefined }, 'row has an invalid attribute: application'],
    ['an invalid event type', { eventType: 'order paid' }, 'row has an invalid attribute: eventType'],
    ['a payload that is not JSON', { payload: '{' }, 'row has an invalid attribute: payload'],
    ['a payload that is no object', { payload: '[1]' }, 'row has an invalid attribute: payload'],
    ['a payload of another type', { payload: 7 }, 'row has an invalid attribute: payload'],
    ['an invalid eventId', { eventId: 'msg_1' }, 'row has an invalid attribute: eventId'],
    ['too many tags', { tags: Array.from({ length: 11 }, (_, n) => `t${n}`) }, 'row has an invalid attribute: tags'],
    ['channels that are no texts', { channels: [1] }, 'row has an invalid attribute: channels'],
    ['no time', { createdAt: undefined }, 'row has an invalid attribute: createdAt'],
    ['a time that is no time', { createdAt: 'today' }, 'row has an invalid attribute: createdAt'],
    [
      'a time after it was put',
      { createdAt: secondsLater(3_601).toISOString() },
      'row has an invalid attribute: createdAt',
    ],
    [
      'a time of long ago',
      { createdAt: secondsLater(-86_401).toISOString() },
      'row has an invalid attribute: createdAt',
    ],
  ])('sets it aside because of %s, keeps the row, and goes on', async (_, wrong, reason) => {
    const { handle, messages, records, removed } = await aTrigger();
    expect(await handle(anEvent(aPut(1), aPut(2, wrong), aPut(3)))).toEqual(done);
    expect(bodies(messages.all())).toEqual(expect.arrayContaining(['{"n": 1}', '{"n": 3}']));
    const place = {
      table: 'posthorn-dev-outbox',
      key: { orderingKey: 'order-1', id: 'row-2' },
      sequenceNumber: '2',
    };
    expect(records).toEqual([{ place, reason }]);
    expect(removed).toEqual(['row-1', 'row-3']);
  });

  it('sets a second event with the same eventId aside', async () => {
    const { handle, messages, records } = await aTrigger();
    await handle(anEvent(aPut(1, { eventId: 'a' }), aPut(2, { eventId: 'a' })));
    expect(messages.all()).toHaveLength(1);
    expect(records).toMatchObject([{ reason: 'A message with this eventId already exists' }]);
  });

  it('has no content of the row in the reason or in the log', async () => {
    const { handle, records, lines, fieldsOf } = await aTrigger();
    await handle(anEvent(aPut(1, { payload: 'a secret', eventType: 'a secret' })));
    expect(lines).toEqual(['warn stream.record_set_aside']);
    expect(JSON.stringify([records, fieldsOf('stream.record_set_aside')])).not.toContain('a secret');
  });
});

describe('on-outbox-inserted, during an outage', () => {
  /** Fails for the rows with these numbers. */
  const failingFor =
    (accept: AcceptRowsDeps['acceptMessage'], ...numbers: readonly number[]): AcceptRowsDeps['acceptMessage'] =>
    (request) =>
      numbers.some((n) => request.message.body === `{"n": ${n}}`) ? Promise.reject(outage()) : accept(request);

  it('accepts no later row of the same key, but those of others, and runs again from the first that failed', async () => {
    const trigger = await aTrigger();
    const put = (n: number) => aPut(n, { orderingKey: n % 2 === 0 ? 'even' : 'odd' });
    const event = anEvent(...[1, 2, 3, 4, 5, 6].map(put));
    const during = createAcceptRows({ ...trigger.deps, acceptMessage: failingFor(trigger.deps.acceptMessage, 3) });
    expect(await createStreamHandler(decodeOutboxRecords, during)(event)).toEqual(againFrom(3));
    expect(bodies(trigger.messages.all()).sort()).toEqual([1, 2, 4, 6].map((n) => `{"n": ${n}}`));
    expect(trigger.removed).not.toContain('row-3');
    expect(await trigger.handle(event)).toEqual(done);
    expect(trigger.messages.all()).toHaveLength(6);
    expect(trigger.records).toEqual([]);
  });

  it('comes again if a row could not be removed', async () => {
    const { handle, messages } = await aTrigger({ remove: () => Promise.reject(outage()) });
    expect(await handle(anEvent(aPut(1)))).toEqual(againFrom(1));
    expect(messages.all()).toHaveLength(1);
  });

  it('keeps the order of a key', async () => {
    const order: string[] = [];
    const { deps } = await aTrigger();
    const accept: AcceptRowsDeps['acceptMessage'] = async (request) => {
      // The first rows take longest.
      for (let turns = 20 - order.length; turns > 0; turns -= 1) await Promise.resolve();
      order.push(request.message.body);
      return deps.acceptMessage(request);
    };
    const { handle } = await aTrigger({ acceptMessage: accept });
    await handle(anEvent(...Array.from({ length: 9 }, (_, n) => aPut(n))));
    expect(order).toEqual(Array.from({ length: 9 }, (_, n) => `{"n": ${n}}`));
  });
});
