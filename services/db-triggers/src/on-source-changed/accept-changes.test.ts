import { type Message, maxMessageBytes } from '@posthorn/core';
import { createMessageAcceptor, createTargetFinder } from '@posthorn/intake';
import {
  anApplication,
  ids,
  inMemoryApplications,
  inMemoryClaims,
  inMemoryMessages,
  secondsLater,
  startOfTests,
} from '@posthorn/testing';
import { anOrderRecord, aRule, aSource } from '../fixtures/a-source.ts';
import { aSetAsideWorld } from '../fixtures/set-aside-world.ts';
import { againFrom, anEvent, done } from '../fixtures/stream-event.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { type AcceptChangesDeps, createAcceptChanges } from './accept-changes.ts';
import { decodeItemRecords } from './item-records.ts';

/** The function over an application. `log` has what was written, in order. */
async function aTrigger(
  sources = [aSource()],
  application = anApplication(),
  overrides: Partial<AcceptChangesDeps> = {},
) {
  const applications = inMemoryApplications();
  await applications.insert(application);
  const messages = inMemoryMessages();
  const world = aSetAsideWorld();
  const written: string[] = [];
  const faults = new Map<string, Error>();
  const bodyOf = ({ body }: Message) => `${JSON.parse(body).data.keys.id} ${JSON.parse(body).data.new?.n}`;
  const intake = {
    findAccepting: applications.findAccepting,
    insertApplication: applications.insert,
    claims: inMemoryClaims(),
    messages: {
      ...messages,
      insert: async (message: Message) => {
        const fault = faults.get(bodyOf(message));
        if (fault) throw fault;
        written.push(`insert ${bodyOf(message)}`);
        return messages.insert(message);
      },
      relay: async (message: Message) => {
        written.push(`relay ${bodyOf(message)}`);
        return messages.relay(message);
      },
    },
    randomBytes: (length: number) => new Uint8Array(length),
    clock: () => startOfTests,
    retentionMs: 3_600_000,
    orderLeaseMs: 2_000,
  };
  const deps: AcceptChangesDeps = {
    ...world,
    sources,
    findTarget: createTargetFinder(intake),
    acceptMessage: createMessageAcceptor(intake),
    ...overrides,
  };
  const handle = createStreamHandler(decodeItemRecords, createAcceptChanges(deps));
  return { ...world, applications, messages, written, faults, handle };
}

const outage = () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
const ordered = anApplication({ orderedAt: secondsLater(-60) });

describe('on-source-changed', () => {
  it('stores a message for a change, with an id that the same change gives again', async () => {
    const { handle, messages, counts } = await aTrigger();
    const event = anEvent(anOrderRecord(1), anOrderRecord(2));
    expect(await handle(event)).toEqual(done);
    expect(await handle(event)).toEqual(done);
    expect(messages.all()).toMatchObject([
      {
        applicationId: ids.application,
        eventType: 'order.insert',
        body:
          '{"type":"order.insert","timestamp":"2026-01-01T00:00:00.000Z",' +
          '"data":{"operation":"insert","keys":{"id":"o-1"},"new":{"id":"o-1","n":1}}}',
        contentType: 'application/json',
        orderingKey: 'orders {"id":"o-1"}',
      },
      { applicationId: ids.application },
    ]);
    expect(Object.fromEntries(counts)).toEqual({ ChangesRead: 4, ChangeEventsAccepted: 2 });
  });

  it('relays messages in the order of the records of their item, where an order is kept', async () => {
    const { handle, written } = await aTrigger([aSource()], ordered);
    await handle(anEvent(anOrderRecord(1), anOrderRecord(2), anOrderRecord(3, { id: 'o-2' }), anOrderRecord(4)));
    const ofItem = (id: string) => written.filter((line) => line.includes(id));
    expect(ofItem('o-1')).toEqual(['1', '2', '4'].flatMap((n) => [`insert o-1 ${n}`, `relay o-1 ${n}`]));
    expect(ofItem('o-2')).toEqual(['insert o-2 3', 'relay o-2 3']);
  });

  it('keeps the order of an ordering key that several items share', async () => {
    const rules = [aRule({ orderingKey: [{ kind: 'text', text: 'one' }] })];
    const { handle, written } = await aTrigger([aSource({ rules })], ordered);
    await handle(anEvent(anOrderRecord(1), anOrderRecord(2, { id: 'o-2' }), anOrderRecord(3)));
    expect(written.filter((line) => line.startsWith('relay'))).toEqual(['relay o-1 1', 'relay o-2 2', 'relay o-1 3']);
  });

  it('applies each source of the table, and no source of another table', async () => {
    const sources = [aSource(), aSource({ name: 'second' }), aSource({ name: 'other', tableName: 'others' })];
    const { handle, messages } = await aTrigger(sources);
    await handle(anEvent(anOrderRecord(1)));
    expect(messages.all()).toHaveLength(2);
  });

  it('creates a missing application if the source says so, once', async () => {
    const application = { attribute: ['customer'] };
    const { handle, messages, applications } = await aTrigger([aSource({ application, autoCreate: true })]);
    const more = { customer: { S: 'acme' } };
    expect(await handle(anEvent(anOrderRecord(1, { more }), anOrderRecord(2, { id: 'o-2', more })))).toEqual(done);
    const created = applications.all().find(({ uid }) => uid === 'acme');
    expect(created).toMatchObject({ name: 'acme', organisationId: ids.organisation });
    expect(messages.all().map(({ applicationId }) => applicationId)).toEqual([
      created?.applicationId,
      created?.applicationId,
    ]);
  });

  it('runs again from the first record that an outage stopped, and no later change of its item overtakes it', async () => {
    const { handle, written, faults, lines } = await aTrigger([aSource()], ordered);
    faults.set('o-1 2', outage());
    const event = anEvent(anOrderRecord(1), anOrderRecord(2), anOrderRecord(3), anOrderRecord(4, { id: 'o-2' }));
    expect(await handle(event)).toEqual(againFrom(2));
    expect(written.filter((line) => line.startsWith('relay')).toSorted()).toEqual(['relay o-1 1', 'relay o-2 4']);
    expect(lines).toEqual(['error stream.record_failed']);
    faults.clear();
    expect(await handle(event)).toEqual(done);
    const first = (n: number) => written.indexOf(`relay o-1 ${n}`);
    expect(first(2)).toBeLessThan(first(3));
  });
});

describe('on-source-changed, with changes that can never become a message', () => {
  it.each([
    [
      'there is no application',
      aSource({ application: { constant: 'nobody' } }),
      {},
      'source shop: there is no application nobody. Create it, or set auto_create',
    ],
    [
      'the item names no application that exists',
      aSource({ application: { attribute: ['who'] } }),
      { who: { S: 'secret' } },
      'source shop: there is no application with the id or uid of the item. Create it, or set auto_create',
    ],
    [
      'an id names no application',
      aSource({ application: { constant: 'app_x' }, autoCreate: true }),
      {},
      'source shop: there is no application app_x. Create it, or set auto_create',
    ],
    [
      'a template names a missing attribute',
      aSource({ rules: [aRule({ eventType: [{ kind: 'value', image: 'item', path: ['kind'] }] })] }),
      {},
      'source shop, rule all: event_type: there is no item.kind',
    ],
    [
      'the payload is too large',
      aSource({ rules: [aRule({ payload: { include: ['new', 'changed', 'keys'], redact: [], json: 'plain' } })] }),
      { big: { S: 'x'.repeat(maxMessageBytes / 2) } },
      'source shop, rule all: payload: has more than 1048576 bytes. Choose fewer attributes',
    ],
  ] as const)('sets the record aside if %s, and does all others', async (_, bad, more, reason) => {
    const { handle, messages, records, lines } = await aTrigger([bad, aSource({ name: 'good' })]);
    expect(await handle(anEvent(anOrderRecord(1, { more }), anOrderRecord(2, { id: 'o-2' })))).toEqual(done);
    expect(
      messages.all().filter(({ applicationId }) => applicationId === ids.application).length,
    ).toBeGreaterThanOrEqual(2);
    expect(records[0]).toEqual({ place: { table: 'orders', key: { id: 'o-1' }, sequenceNumber: '1' }, reason });
    expect(lines[0]).toBe('warn stream.record_set_aside');
    expect(JSON.stringify(records)).not.toContain('secret');
  });

  it('sets aside records of a stream without both images, and says what to do', async () => {
    const { handle, messages, records } = await aTrigger();
    const event = anEvent(anOrderRecord(1, { view: 'NEW_IMAGE' }), anOrderRecord(2));
    expect(await handle(event)).toEqual(done);
    expect(records.map(({ reason }) => reason)).toEqual([
      'the stream has the view type NEW_IMAGE. Give the table a stream with NEW_AND_OLD_IMAGES',
    ]);
    expect(messages.all()).toHaveLength(1);
  });

  it('is not delayed by a record on which our own code fails', async () => {
    const trigger = await aTrigger();
    trigger.faults.set('o-1 1', new TypeError('bug'));
    expect(await trigger.handle(anEvent(anOrderRecord(1), anOrderRecord(2)))).toEqual(done);
    expect(trigger.records.map(({ reason }) => reason)).toEqual(['fault in Posthorn: TypeError']);
    expect(trigger.written).toEqual(['insert o-1 2']);
  });
});
