import { aGoodHistory, aMessage, anEndpoint, aRecord, aRequest } from '../fixtures/events.ts';
import type { Asked, Event, Off, Subscribed } from '../history/event.ts';
import { checkHistory } from './check-history.ts';

const promisesOf = (history: readonly Event[]) => checkHistory(history).violations.map(({ promise }) => promise);
const asked = (what: Asked['what'], at: number, messageId?: string): Asked => ({
  kind: 'asked',
  what,
  at,
  endpointId: 'ep_1',
  ...(messageId !== undefined && { messageId }),
});
const off = (from: number, until: number): Off => ({ kind: 'off', endpointId: 'ep_1', from, until });
const counted = (success: number, fail: number): Event => ({ kind: 'counted', endpointId: 'ep_1', success, fail });
const row = { kind: 'waiting', endpointId: 'ep_1', messageId: 'msg_1' } as const;
/** The first of two messages is refused, and the other one is accepted. */
const headRefused = (next: string, given: Partial<Subscribed> = {}): readonly Event[] => [
  anEndpoint({ order: 'key', expects: 'accepts-or-ends', ...given }),
  aMessage(1),
  aRequest(1, { answer: 'refused' }),
  aRecord(1, { status: 'failed', statusCode: 500, next }),
  aMessage(2),
  aRequest(2),
  aRecord(2),
];

describe('an endpoint that people disable and enable', () => {
  const expects = 'accepts-while-on';
  /** Of two messages the second one was never sent. The first one was posted at 1 s and sent at 1.2 s. */
  const withoutSecond = [...aGoodHistory(1, { expects }), aMessage(2)];

  it('need not get what was posted while it was off, and must get all else', () => {
    expect(promisesOf([...withoutSecond, off(1_900, 2_500)])).toEqual([]);
    expect(promisesOf([...withoutSecond, off(2_050, 2_500)])).toEqual([]);
    expect(promisesOf([...withoutSecond, off(1_300, 1_900)])).toEqual(['lost']);
    expect(promisesOf(withoutSecond)).toEqual(['lost']);
  });

  it('must get what was fanned out before it was off, which another endpoint shows', () => {
    const other = anEndpoint({ endpointId: 'ep_2', path: '/0/b/accept/always' });
    const elsewhere = [1, 2].flatMap((n) => [
      aRequest(n, { path: other.path }),
      aRecord(n, { endpointId: 'ep_2', attemptId: `atmpt_b${n}` }),
    ]);
    expect(promisesOf([...withoutSecond, other, ...elsewhere, off(2_300, 3_000)])).toEqual(['lost']);
    expect(promisesOf([...withoutSecond, other, ...elsewhere, off(2_100, 3_000)])).toEqual([]);
  });

  it('must get in the end what was begun or canceled', () => {
    const begun = [anEndpoint({ expects }), aMessage(1), off(0, 9_000)];
    expect(promisesOf(begun)).toEqual([]);
    expect(promisesOf([...begun, { ...row, state: 'canceled', reason: 'endpoint_disabled' }])).toEqual(['lost']);
    const failed = aRecord(1, { status: 'failed', statusCode: 500, next: 'retry' });
    expect(promisesOf([...begun, aRequest(1, { answer: 'refused' }), failed])).toEqual(['lost']);
  });

  it('has no order of what it never got', () => {
    const history = [...aGoodHistory(3, { order: 'key', expects })].filter(
      (event) => event.kind === 'accepted' || !('messageId' in event) || event.messageId !== 'msg_2',
    );
    const events = [...history.filter(({ kind }) => kind !== 'counted'), counted(2, 0)];
    expect(promisesOf([...events, off(1_900, 2_500)])).toEqual([]);
    expect(promisesOf(events)).toEqual(['lost', 'out-of-order']);
  });
});

describe('an endpoint that people delete', () => {
  const begun = [anEndpoint({ expects: 'is-deleted' }), aMessage(1)];

  it('needs a receipt for what was planned', () => {
    expect(promisesOf([...begun, off(500, 1e9)])).toEqual([]);
    expect(promisesOf([...begun, off(1_500, 1e9), aRequest(1, { answer: 'refused' })])).toContain('lost');
    expect(promisesOf(begun)).toEqual(['lost']);
    expect(promisesOf([...begun, { ...row, state: 'canceled', reason: 'endpoint_deleted' }])).toEqual([]);
    expect(promisesOf([...begun, off(500, 1e9), { ...row, state: 'planned', reason: 'retry' }])).toEqual(['lost']);
    expect(promisesOf([...begun, off(500, 1e9), { ...row, state: 'parked', reason: 'behind' }])).toEqual(['lost']);
  });
});

describe('a head that people skip', () => {
  const skippedRow: Event = { ...row, state: 'failed', reason: 'skipped' };

  it('is through from then on, and not before', () => {
    const history = [...headRefused('exhausted'), skippedRow];
    expect(promisesOf([...history, asked('skip', 2_100, 'msg_1')])).toEqual([]);
    expect(promisesOf([...history, asked('skip', 2_300, 'msg_1')])).toEqual(['out-of-order']);
    expect(promisesOf([...history, asked('skip', 2_100, 'msg_2')])).toEqual(['out-of-order']);
    expect(promisesOf([...history, asked('retry', 2_100, 'msg_1')])).toEqual(['out-of-order']);
  });

  it('needs a receipt', () => {
    expect(promisesOf([...headRefused('retry'), asked('skip', 2_100, 'msg_1')])).toEqual(['lost']);
  });
});

describe('a message that people ask for again', () => {
  const again = [
    aRequest(1, { order: 9, timestamp: 5, at: 5_000, endedAt: 5_050 }),
    aRecord(1, { attemptId: 'atmpt_9', timestamp: 5, trigger: 'manual' }),
  ];
  const sent = (history: readonly Event[]) => [...history.filter(({ kind }) => kind !== 'counted'), counted(3, 0)];
  const inOrder = sent(aGoodHistory(2, { order: 'key' }));

  it('has no order, if it was asked for before', () => {
    expect(promisesOf([...inOrder, ...again, asked('again', 4_000, 'msg_1')])).toEqual([]);
    expect(promisesOf([...inOrder, ...again, asked('again', 4_000)])).toEqual([]);
    expect(promisesOf([...inOrder, ...again, asked('again', 5_100, 'msg_1')])).toEqual(['out-of-order']);
    expect(promisesOf([...inOrder, ...again, asked('again', 4_000, 'msg_2')])).toEqual([
      'out-of-order',
      'recorded-twice',
    ]);
  });

  it('does not make others late', () => {
    const [early, record] = [
      aRequest(2, { order: 0, timestamp: 0, at: 500 }),
      { timestamp: 0, trigger: 'manual' } as const,
    ];
    const history = [...inOrder, early, aRecord(2, { attemptId: 'atmpt_9', ...record })];
    expect(promisesOf([...history, asked('again', 400, 'msg_2')])).toEqual([]);
    expect(promisesOf([...history, asked('again', 600, 'msg_2')])).toContain('out-of-order');
  });

  it('is attempted once for each time that it was asked for', () => {
    const twice = [...again, aRecord(1, { attemptId: 'atmpt_10', timestamp: 1, trigger: 'manual' })];
    const history = [...inOrder.filter(({ kind }) => kind !== 'counted'), counted(4, 0), ...twice];
    const more = aRequest(1, { order: 2, at: 1_300, endedAt: 1_310 });
    expect(promisesOf([...history, more, asked('again', 900, 'msg_1')])).toEqual(['recorded-twice']);
    expect(promisesOf([...history, more, asked('again', 900, 'msg_1'), asked('again', 950)])).toEqual([]);
  });

  it('may have a number again only if all messages of its endpoint were asked for', () => {
    const numbered = { attemptId: 'atmpt_9', timestamp: 5 };
    const once = sent(aGoodHistory(2));
    const history = [...once, aRequest(1, { order: 9, timestamp: 5, at: 5_000 }), aRecord(1, numbered)];
    expect(promisesOf([...history, asked('again', 900)])).toEqual([]);
    expect(promisesOf([...history, asked('again', 900, 'msg_1')])).toContain('recorded-twice');
    expect(promisesOf([...history, asked('skip', 900)])).toContain('recorded-twice');
  });

  it('has its order until its delivery has ended, although it was asked for', () => {
    const retried = aRecord(1, { attemptNumber: 2, attemptId: 'atmpt_9', timestamp: 5 });
    const failed = (next: string) => aRecord(1, { status: 'failed', statusCode: 500, next });
    const requests = [
      aRequest(1, { answer: 'refused' }),
      aRequest(2),
      aRequest(1, { order: 9, timestamp: 5, at: 5_000 }),
    ];
    const history = (next: string): readonly Event[] => [
      anEndpoint({ order: 'key', onExhausted: 'skip' }),
      ...[aMessage(1), aMessage(2), ...requests, failed(next), retried, aRecord(2), asked('again', 900)],
    ];
    expect(promisesOf(history('exhausted'))).toEqual([]);
    expect(promisesOf(history('retry'))).toEqual(['out-of-order', 'out-of-order']);
  });
});
