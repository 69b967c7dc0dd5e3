import type { ListedMessage, Message, MessageContentRepository, MessageQuery, MessageRepository } from '@posthorn/core';
import { ids, nthId, nthMessageId, secondsLater } from '../builders/ids.ts';
import { aMessage, aResend } from '../builders/message.ts';
import { describePaging } from './paging-promises.ts';
import { walkForward } from './walk-list.ts';

type Create = () => Promise<MessageRepository & MessageContentRepository>;

const now = secondsLater(3_600);
const longLater = secondsLater(200 * 24 * 3_600);
const concurrent = 8;
/** Numbers that hardly get shorter when they are deflated. */
const noise = Array.from({ length: 120_000 }, (_, n) => Math.imul(n + 1, 2_654_435_761) >>> 0);

/** What every message repository promises. Each test gets an empty one. */
export function describeMessageRepository(name: string, create: Create): void {
  describe(`messages ${name}`, () => {
    describeKeeping(create);
    describeFindingMany(create);
    describeBodies(create);
    describeExpunging(create);
    describeFilters(create);
    describeWindows(create);
    describePaging(() => prepareList(create));
  });
}

function describeKeeping(create: Create): void {
  it.each(['sharded', 'ordered'] as const)('finds everything that was inserted, %s', async (placement) => {
    const messages = await create();
    const message = aMessage({
      messageId: nthMessageId(1, placement),
      eventId: 'order-1',
      contentType: 'text/plain; charset=utf-8',
      channels: ['eu', 'us'],
      tags: ['blue'],
      orderingKey: 'orders 7',
      onlyTo: ids.endpoint,
      acceptedAt: secondsLater(1.003),
      deliverAt: secondsLater(3_600.5),
      expiresAt: secondsLater(7_200),
    });
    expect(await messages.insert(message)).toBe('inserted');
    expect(await messages.find(ids.application, message.messageId, now)).toEqual(message);
    expect(await messages.find(nthId('application', 1), message.messageId, now)).toBeUndefined();
    expect(await messages.find(ids.application, nthMessageId(2, placement), now)).toBeUndefined();
    expect(await messages.find(ids.application, 'no id at all', now)).toBeUndefined();
  });

  it('keeps the first of many inserts with the same id, even if the others differ', async () => {
    const messages = await create();
    const bodies = Array.from({ length: concurrent }, (_, n) => JSON.stringify(String(n).repeat(500_000 - n)));
    const answers = await Promise.all(bodies.map((body) => messages.insert(aMessage({ body }))));
    expect(answers.filter((answer) => answer === 'inserted')).toHaveLength(1);
    const kept = await messages.find(ids.application, ids.message, now);
    expect(kept?.body === bodies[answers.indexOf('inserted')]).toBe(true);
  });

  it('neither finds nor lists an expired message', async () => {
    const messages = await create();
    await messages.insert(aMessage({ expiresAt: secondsLater(60) }));
    expect(await messages.find(ids.application, ids.message, secondsLater(59))).toBeDefined();
    expect(await messages.find(ids.application, ids.message, secondsLater(60))).toBeUndefined();
    expect(await messages.list(ids.application, aQuery(), secondsLater(59))).toMatchObject({ items: [{}] });
    expect(await messages.list(ids.application, aQuery(), secondsLater(60))).toEqual({ items: [], done: true });
  });

  it('lists neither relays nor resends, even if they are written several times', async () => {
    const messages = await create();
    await messages.insert(aMessage());
    for (let times = 0; times < 2; times += 1) {
      await messages.relay(aMessage());
      await messages.insertResend(aResend());
    }
    const { items } = await messages.list(ids.application, aQuery(), now);
    expect(items.map(({ messageId }) => messageId)).toEqual([ids.message]);
    expect(await messages.find(ids.application, ids.message, now)).toEqual(aMessage());
  });
}

function describeFindingMany(create: Create): void {
  const withoutBody = ({ body: _, ...message }: Message) => message;
  const byId = (one: ListedMessage, other: ListedMessage) => (one.messageId < other.messageId ? -1 : 1);

  it('finds many at once, without their bodies, and leaves out those that are not stored or have expired', async () => {
    const messages = await create();
    const idOf = (n: number) => nthMessageId(n, n % 4 === 3 ? 'ordered' : 'sharded');
    const all = Array.from({ length: 120 }, (_, n) =>
      aMessage({ messageId: idOf(n), tags: ['blue'], ...(n === 5 && { expiresAt: secondsLater(60) }) }),
    );
    for (const message of all) await messages.insert(message);
    const asked = Array.from({ length: 150 }, (_, n) => idOf(n));
    const found = await messages.findAll(ids.application, asked, now);
    expect(found.toSorted(byId)).toEqual(all.filter((_, n) => n !== 5).map(withoutBody));
    expect(await messages.findAll(nthId('application', 1), asked, now)).toEqual([]);
    expect(await messages.findAll(ids.application, [], now)).toEqual([]);
  });

  it('reads the bodies of a page, in its order', async () => {
    const messages = await create();
    const all = [3, 2, 1].map((n) => aMessage({ messageId: nthId('message', n), body: `{"n":${n}}` }));
    for (const message of all) await messages.insert(message);
    const page = { items: all.map(withoutBody), done: false, resumeAt: nthId('message', 1) };
    expect(await messages.readBodies(page, 'forward')).toEqual({ ...page, items: all });
    expect(await messages.readBodies(page, 'backward')).toEqual({ ...page, items: all });
  });
}

function describeBodies(create: Create): void {
  const bodies: readonly (readonly [string, string])[] = [
    ['an empty text', ''],
    ['odd white space', '{ "b" :1,\r\n\t"a":\u00a0null }\n'],
    ['numbers beyond 2^53', '{"n":9007199254740993,"x":1.10,"e":1E+2}'],
    ['every kind of unicode', '{"t":"ä€\u{1F4EF}\u0000\u2028\ufeff\\u0041"}'],
    ['10 KB that compress', JSON.stringify({ text: 'tooot '.repeat(1_700) })],
    ['10 KB that do not', JSON.stringify(noise.slice(0, 1_000))],
    ['1 MB that compress', JSON.stringify({ text: 'tooot \u{1F4EF}'.repeat(100_000) })],
    ['1 MB that do not', JSON.stringify(noise.map((n) => n.toString(36)))],
  ];

  it.each(bodies)('returns a body byte for byte: %s', async (_, body) => {
    const messages = await create();
    await messages.insert(aMessage({ body }));
    const found = await messages.find(ids.application, ids.message, now);
    expect(found?.body === body).toBe(true);
    expect((await messages.findListed(ids.application, ids.message, now))?.body === body).toBe(true);
    const { items } = await messages.list(ids.application, { ...aQuery(), withBody: true }, now);
    expect(items[0]?.body === body).toBe(true);
  });
}

function describeExpunging(create: Create): void {
  const bodies: readonly (readonly [string, string])[] = [
    ['a short body', '{"n":1}'],
    ['10 KB that compress', JSON.stringify({ text: 'tooot '.repeat(1_700) })],
    ['1 MB that do not', JSON.stringify(noise.map((n) => n.toString(36)))],
  ];

  it.each(bodies)('forgets a body that is expunged, and keeps the message: %s', async (_, body) => {
    const messages = await create();
    const message = aMessage({ body, eventId: 'order-1', channels: ['eu'], tags: ['blue'] });
    const other = aMessage({ messageId: nthId('message', 1), body });
    await Promise.all([message, other].map((one) => messages.insert(one)));
    expect(await messages.expunge(ids.application, ids.message, secondsLater(5))).toBe('expunged');
    const { body: removed, ...rest } = message;
    const expunged = { ...rest, expungedAt: secondsLater(5) };
    expect(removed).toBe(body);
    expect(await messages.find(ids.application, ids.message, now)).toBeUndefined();
    expect(await messages.findListed(ids.application, ids.message, now)).toEqual(expunged);
    const { items } = await messages.list(ids.application, { ...aQuery(), withBody: true }, now);
    expect(items.find(({ messageId }) => messageId === ids.message)).toEqual(expunged);
    expect(items.find(({ messageId }) => messageId === other.messageId)?.body === body).toBe(true);
    expect(await messages.findAll(ids.application, [ids.message], now)).toEqual([expunged]);
    const read = await messages.readBodies({ items: [rest], done: true }, 'forward');
    expect(read.items.map(({ messageId, body: shown }) => [messageId, shown])).toEqual([[ids.message, undefined]]);
  });

  it('changes nothing when it is expunged or inserted again', async () => {
    const messages = await create();
    await messages.insert(aMessage());
    for (const seconds of [5, 6])
      expect(await messages.expunge(ids.application, ids.message, secondsLater(seconds))).toBe('expunged');
    expect(await messages.insert(aMessage())).toBe('exists');
    const found = await messages.findListed(ids.application, ids.message, now);
    expect([found?.expungedAt, found?.body]).toEqual([secondsLater(5), undefined]);
  });

  it('has nothing to expunge without the message', async () => {
    const messages = await create();
    await messages.insert(aMessage({ expiresAt: secondsLater(60) }));
    expect(await messages.expunge(nthId('application', 1), ids.message, secondsLater(5))).toBe('missing');
    expect(await messages.expunge(ids.application, nthMessageId(2, 'sharded'), secondsLater(5))).toBe('missing');
    expect(await messages.expunge(ids.application, 'no id at all', secondsLater(5))).toBe('missing');
    expect(await messages.expunge(ids.application, ids.message, secondsLater(60))).toBe('missing');
    expect(await messages.find(ids.application, ids.message, secondsLater(59))).toBeDefined();
  });
}

function describeFilters(create: Create): void {
  const filters: readonly (readonly [string, Partial<MessageQuery>, (message: Message) => boolean])[] = [
    ['a channel', { channel: 'eu' }, ({ channels }) => channels.includes('eu')],
    ['a tag', { tag: 'blue' }, ({ tags }) => tags.includes('blue')],
    ['event types', { eventTypes: ['a', 'b'] }, ({ eventType }) => eventType !== 'c'],
    ['two hundred and fifty event types', { eventTypes: manyNamesAnd('c') }, ({ eventType }) => eventType === 'c'],
    [
      'all at once',
      { channel: 'eu', tag: 'blue', eventTypes: ['a'] },
      ({ messageId }) => messageId === nthId('message', 0),
    ],
  ];

  it.each(filters)('finds all matches by %s, newest first', async (_, filter, matches) => {
    const messages = await create();
    const rows = Array.from({ length: 24 }, (_row, n) =>
      aMessage({
        messageId: nthMessageId(n, n % 4 === 3 ? 'ordered' : 'sharded'),
        eventType: ['a', 'b', 'c'][n % 3] ?? '',
        channels: n % 2 === 0 ? ['eu', 'us'] : [],
        tags: n < 6 ? ['red', 'blue'] : [],
      }),
    );
    await Promise.all(rows.map((row) => messages.insert(row)));
    const found = await walkForward(
      (page) => messages.list(ids.application, { ...aQuery(), ...filter, ...page }, now),
      ({ messageId }) => messageId,
      2,
    );
    expect(found.map(({ messageId }) => messageId)).toEqual(
      rows
        .filter(matches)
        .map(({ messageId }) => messageId)
        .toReversed(),
    );
  });
}

function describeWindows(create: Create): void {
  const prepare = async () => {
    const messages = await create();
    await Promise.all(
      Array.from({ length: 10 }, (_, n) => messages.insert(aMessage({ messageId: nthId('message', n) }))),
    );
    return async (query: Partial<MessageQuery>) => {
      const { items, ...end } = await messages.list(ids.application, { ...aQuery(), ...query }, now);
      return { numbers: items.map(({ messageId }) => numberOf(messageId)), ...end };
    };
  };

  it('lists a time window that includes `after` and excludes `before`', async () => {
    const list = await prepare();
    const window = { after: secondsLater(3), before: secondsLater(6) };
    expect(await list(window)).toEqual({ numbers: [5, 4, 3], done: true });
    expect(await list({ before: secondsLater(2) })).toEqual({ numbers: [1, 0], done: true });
    expect(await list({ ...window, limit: 2 })).toEqual({ numbers: [5, 4], done: false });
    expect(await list({ ...window, limit: 2, iterator: nthId('message', 4) })).toEqual({ numbers: [3], done: true });
  });

  it('returns the page closest to `after` if that stands alone', async () => {
    const list = await prepare();
    expect(await list({ after: secondsLater(3), limit: 2 })).toEqual({ numbers: [4, 3], done: false });
    expect(await list({ after: secondsLater(8), limit: 2 })).toEqual({ numbers: [9, 8], done: true });
  });

  it('is empty for a window that ends before it begins, or is outside the possible times', async () => {
    const list = await prepare();
    expect(await list({ after: secondsLater(6), before: secondsLater(3) })).toEqual({ numbers: [], done: true });
    expect(await list({ before: new Date(0) })).toEqual({ numbers: [], done: true });
    expect(await list({ after: new Date('9999-01-01T00:00:00Z') })).toEqual({ numbers: [], done: true });
  });

  it('goes back 90 days from now by default', async () => {
    const messages = await create();
    await messages.insert(aMessage({ expiresAt: secondsLater(400 * 24 * 3_600) }));
    expect(await messages.list(ids.application, aQuery(), longLater)).toEqual({ items: [], done: true });
    const told = { ...aQuery(), after: secondsLater(0) };
    expect(await messages.list(ids.application, told, longLater)).toMatchObject({ items: [{}], done: true });
  });
}

async function prepareList(create: Create) {
  const messages = await create();
  const rows = Array.from({ length: 20 }, (_, n) =>
    aMessage({ messageId: nthMessageId(n, n % 5 === 4 ? 'ordered' : 'sharded') }),
  );
  await Promise.all(rows.map((row) => messages.insert(row)));
  await messages.insert(aMessage({ applicationId: nthId('application', 1), messageId: nthId('message', 50) }));
  return {
    list: (page: Pick<MessageQuery, 'limit' | 'iterator' | 'direction'>) =>
      messages.list(ids.application, { ...page, withBody: true }, now),
    keyOf: ({ messageId }: Pick<Message, 'messageId'>) => messageId,
    rows: rows.toReversed(),
    runs: 4,
  };
}

const aQuery = (): MessageQuery => ({ limit: 50, direction: 'forward', withBody: false });

const manyNamesAnd = (name: string): readonly string[] => [...Array.from({ length: 249 }, (_, n) => `x${n}`), name];

const numberOf = (messageId: string): number =>
  Array.from({ length: 10 }, (_, n) => nthId('message', n)).indexOf(messageId);
