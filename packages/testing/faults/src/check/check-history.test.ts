import { aGoodHistory, aMessage, anEndpoint, aRecord, aRequest } from '../fixtures/events.ts';
import type { Event } from '../history/event.ts';
import { checkHistory } from './check-history.ts';

const without = (history: readonly Event[], kind: Event['kind'], n: number) =>
  history.filter((event) => event.kind !== kind || !('messageId' in event) || event.messageId !== `msg_${n}`);
const promisesOf = (history: readonly Event[]) => checkHistory(history).violations.map(({ promise }) => promise);

it('finds nothing in a history in which every promise is kept', () => {
  expect(checkHistory(aGoodHistory(3, { order: 'all' }))).toEqual({
    deliveries: 3,
    requests: 3,
    violations: [],
    duplicates: { killed: 0, 'two-workers': 0, 'answer-lost': 0 },
    most: { memory: 0, answer: 0 },
    faults: {},
  });
});

describe('a lost delivery is', () => {
  it('a message that no request brought', () => {
    const history = without(without(aGoodHistory(2), 'received', 2), 'recorded', 2);
    const counted: Event = { kind: 'counted', endpointId: 'ep_1', success: 1, fail: 0 };
    expect(promisesOf([...history.filter(({ kind }) => kind !== 'counted'), counted])).toEqual(['lost']);
  });

  it('one that was refused only', () => {
    const history = [anEndpoint(), aMessage(1), aRequest(1, { answer: 'refused' })];
    expect(promisesOf([...history, aRecord(1, { status: 'failed', statusCode: 500, next: 'exhausted' })])).toEqual([
      'lost',
    ]);
  });

  it('one of two endpoints of a message', () => {
    const other = anEndpoint({ endpointId: 'ep_2', path: '/0/b/accept/always' });
    expect(promisesOf([...aGoodHistory(1), other])).toEqual(['lost']);
    const elsewhere = anEndpoint({ endpointId: 'ep_2', path: '/1/a/accept/always', applicationId: 'app_2' });
    expect(promisesOf([...aGoodHistory(1), elsewhere])).toEqual([]);
  });

  it('one without a receipt of its success', () => {
    const failed = aRecord(1, { status: 'failed', statusCode: 500, timestamp: 1 });
    const history = [anEndpoint(), aMessage(1), aRequest(1), failed];
    expect(promisesOf(history)).toEqual(['lost']);
  });

  it('one that waits for ever at an endpoint that never accepts', () => {
    const endpoint = anEndpoint({ expects: 'never-accepts' });
    const history = (next: string) => [
      endpoint,
      aMessage(1),
      aRequest(1, { answer: 'refused' }),
      aRecord(1, { status: 'failed', statusCode: 500, next }),
    ];
    expect(promisesOf(history('retry'))).toEqual(['lost']);
    expect(promisesOf(history('exhausted'))).toEqual([]);
  });

  it('one that has neither arrived nor ended at an endpoint that does not accept everything', () => {
    const endpoint = anEndpoint({ expects: 'accepts-or-ends' });
    const refused = (next: string) => [
      endpoint,
      aMessage(1),
      aRequest(1, { answer: 'refused' }),
      aRecord(1, { status: 'failed', statusCode: 500, next }),
    ];
    expect(promisesOf(aGoodHistory(1, { expects: 'accepts-or-ends' }))).toEqual([]);
    expect(promisesOf(refused('exhausted'))).toEqual([]);
    expect(promisesOf(refused('retry'))).toEqual(['lost']);
    const row = { kind: 'waiting', endpointId: 'ep_1', messageId: 'msg_1' } as const;
    expect(promisesOf([...refused('retry'), { ...row, state: 'failed', reason: 'skipped' }])).toEqual([]);
    expect(promisesOf([...refused('retry'), { ...row, state: 'parked', reason: 'blocked' }])).toEqual(['lost']);
    expect(promisesOf([endpoint, aMessage(1)])).toEqual(['lost']);
    const unrecorded = without(aGoodHistory(1, { expects: 'accepts-or-ends' }), 'recorded', 1);
    expect(promisesOf(unrecorded.filter(({ kind }) => kind !== 'counted'))).toContain('lost');
  });

  it('one that ended at a disabled endpoint without a receipt', () => {
    const begun = [anEndpoint({ expects: 'is-disabled' }), aMessage(1)];
    expect(promisesOf(begun)).toEqual([]);
    const history: Event[] = [...begun, aRequest(1, { answer: 'lost' })];
    const last = aRecord(1, { status: 'failed', statusCode: 0, next: 'retry' });
    history.push(last);
    expect(promisesOf(history)).toEqual(['lost']);
    const ids = { endpointId: 'ep_1', messageId: 'msg_1' };
    expect(
      promisesOf([...history, { kind: 'waiting', ...ids, state: 'canceled', reason: 'endpoint_disabled' }]),
    ).toEqual([]);
    const row = { kind: 'waiting', ...ids, reason: 'retry' } as const;
    expect(promisesOf([...history, { ...row, state: 'planned' }])).toEqual(['lost']);
    expect(promisesOf([...begun, { ...row, state: 'planned' }])).toEqual(['lost']);
    expect(promisesOf([...begun, { ...row, state: 'canceled', reason: '' }])).toEqual(['lost']);
    expect(promisesOf([...history, { kind: 'dead-letter', ...ids, reason: 'none' }])).toEqual([]);
    expect(promisesOf([...history, { kind: 'dead-letter', ...ids, messageId: 'msg_2', reason: '' }])).toEqual(['lost']);
  });
});

it('finds a delivery without a trace at an endpoint that was disabled only after its fan-out', () => {
  const gone = { endpointId: 'ep_2', path: '/0/b/status-410/always', expects: 'is-disabled' } as const;
  const refusedAt = (at: number) => [
    ...aGoodHistory(2),
    anEndpoint(gone),
    aRequest(1, { path: gone.path, answer: 'refused', at, endedAt: at }),
    aRecord(1, { endpointId: 'ep_2', attemptId: 'atmpt_9', status: 'failed', statusCode: 410, next: 'gone' }),
    { kind: 'counted', endpointId: 'ep_2', success: 0, fail: 1 } as const,
  ];
  // The other endpoint got the second message after 2.2 s.
  expect(promisesOf(refusedAt(1_300))).toEqual([]);
  expect(promisesOf(refusedAt(2_300))).toEqual(['lost']);
});

it('finds requests and receipts of messages that nobody accepted', () => {
  const history = aGoodHistory(1).filter(({ kind }) => kind !== 'counted');
  expect(promisesOf([...history, aRequest(2)])).toEqual(['invented']);
  expect(promisesOf([...history, aRecord(2)])).toEqual(['invented']);
  expect(promisesOf([...history, aRequest(1, { path: '/9/x/accept/always' })])).toEqual(['invented']);
});

it.each([
  ['accepted', 'planned', ['stale-row']],
  ['accepted', 'failed', ['stale-row']],
  ['exhausted', 'planned', ['stale-row']],
  ['exhausted', 'failed', []],
] as const)('finds the row of a delivery that was %s and is stored as %s: %j', (end, state, expected) => {
  const failed = aRecord(1, { status: 'failed', statusCode: 500, next: 'exhausted' });
  const ended = [anEndpoint({ expects: 'never-accepts' }), aMessage(1), aRequest(1, { answer: 'refused' }), failed];
  const row: Event = { kind: 'waiting', endpointId: 'ep_1', messageId: 'msg_1', state, reason: 'retry' };
  expect(promisesOf([...(end === 'accepted' ? aGoodHistory(1) : ended), row])).toEqual(expected);
});

it('accepts a delivery that is held for an endpoint that never accepts, and not one that is planned', () => {
  const history: readonly Event[] = [anEndpoint({ expects: 'never-accepts' }), aMessage(1)];
  const row = { kind: 'waiting', endpointId: 'ep_1', messageId: 'msg_1', reason: 'endpoint-failing' } as const;
  expect(promisesOf([...history, { ...row, state: 'held' }])).toEqual([]);
  expect(promisesOf([...history, { ...row, state: 'parked' }])).toEqual([]);
  expect(promisesOf([...history, { ...row, state: 'planned' }])).toEqual(['lost']);
});

it('finds a body that is not the accepted one', () => {
  const history = without(aGoodHistory(2), 'received', 2);
  expect(promisesOf([...history, aRequest(2, { digest: 'another' })])).toEqual(['wrong-body']);
});

it('finds an attempt that was recorded twice', () => {
  const again = [aRequest(1, { order: 9, timestamp: 9 }), aRecord(1, { attemptId: 'atmpt_9', timestamp: 9 })];
  const counted: Event = { kind: 'counted', endpointId: 'ep_1', success: 2, fail: 0 };
  const history = [...aGoodHistory(1).filter(({ kind }) => kind !== 'counted'), counted];
  expect(promisesOf([...history, ...again])).toEqual(['recorded-twice']);
  expect(promisesOf([...history, ...again.map((event) => ({ ...event, attemptNumber: 2 }))])).toEqual([]);
});

it('finds a receipt of an answer without a request, but not one of a connection that failed', () => {
  const history = aGoodHistory(1).filter(({ kind }) => kind !== 'counted');
  const failed = { attemptId: 'atmpt_9', attemptNumber: 2, timestamp: 9, status: 'failed' } as const;
  expect(promisesOf([...history, aRecord(1, { ...failed, statusCode: 500 })])).toEqual(['receipt-without-request']);
  expect(promisesOf([...history, aRecord(1, { ...failed, statusCode: 0 })])).toEqual([]);
});

it.each([
  [2, 0],
  [4, 0],
  [3, 1],
])('finds statistics of %i successes and %i failures after three successes', (success, fail) => {
  const history = aGoodHistory(3).filter(({ kind }) => kind !== 'counted');
  expect(promisesOf([...history, { kind: 'counted', endpointId: 'ep_1', success, fail }])).toEqual(['statistics']);
});

it('counts a record that two reads returned once', () => {
  expect(promisesOf([...aGoodHistory(1), aRecord(1, { attemptNumber: 2, timestamp: 9, statusCode: 0 })])).toEqual([]);
});

describe('limits', () => {
  it.each([
    [21_000, []],
    [21_001, ['too-long']],
  ])('an invocation of %i ms with a limit of 20 s: %j', (ms, expected) => {
    expect(promisesOf([...aGoodHistory(1), { kind: 'longest', function: 'deliver', ms, limitMs: 20_000 }])).toEqual(
      expected,
    );
  });

  it('finds a process that took too much memory, and a sender that took too much of an answer', () => {
    const megabyte = 1024 * 1024;
    const memory = (megabytes: number): Event => ({ kind: 'memory', process: 'host', bytes: megabytes * megabyte });
    expect(promisesOf([...aGoodHistory(1), memory(600)])).toEqual([]);
    expect(promisesOf([...aGoodHistory(1), memory(601)])).toEqual(['too-much-memory']);
    // No read succeeded.
    expect(promisesOf([...aGoodHistory(1), memory(0)])).toEqual(['too-much-memory']);
    const reading = (bytes: number): Event => ({ kind: 'most-read', at: 1, path: '/0/a/accept/always', bytes });
    expect(promisesOf([...aGoodHistory(1), reading(2 * megabyte)])).toEqual([]);
    expect(promisesOf([...aGoodHistory(1), reading(2 * megabyte + 1)])).toEqual(['too-much-memory']);
  });
});
