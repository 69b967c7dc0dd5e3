import { aGoodHistory, aRequest } from '../fixtures/events.ts';
import type { Event, RecordPut, WorkBegan } from '../history/event.ts';
import { checkHistory } from './check-history.ts';

/** One delivery that was accepted at 1.25 s, and its second request, at 3 s. */
const repeated = (...more: readonly Event[]) => {
  const { violations, duplicates } = checkHistory([...aGoodHistory(1), second, ...more]);
  return { violations: violations.map(({ promise }) => promise), duplicates };
};
const second = aRequest(1, { order: 2, at: 3_000, endedAt: 3_050, timestamp: 3, connection: 2 });
const none = { killed: 0, 'two-workers': 0, 'answer-lost': 0 };
const [unexplained, nothing] = [{ violations: ['unexplained'], duplicates: none }, { violations: [] }];
const [path, messageId, endpointId] = ['/0/a/accept/always', 'msg_1', 'ep_1'];

const killedAt = (at: number, step = 'deliver: after 2xx'): Event => ({ kind: 'killed', at, step });
const began = (work: string, at: number, text = 'job'): WorkBegan => ({
  kind: 'work-began',
  at,
  work,
  function: 'deliver',
  jobs: [{ id: work, text }],
});
const ended = (work: string, at: number): Event => ({ kind: 'work-ended', at, work });
const sent = (work: string, at: number): Event => ({ kind: 'sent', at, work, path, messageId, timestamp: 3 });
const put = (work: string, at: number, outcome: RecordPut['outcome'], attemptId = 'a'): Event => {
  return { kind: 'record-put', at, work, endpointId, messageId, attemptId, attemptNumber: 1, outcome };
};

it('does not accept a duplicate without a cause', () => {
  expect(repeated()).toEqual(unexplained);
  expect(repeated(killedAt(3_010))).toEqual(unexplained);
  expect(repeated(sent('1', 2_990), killedAt(3_010))).toEqual(unexplained);
  expect(repeated(began('1', 2_980), sent('1', 2_990), ended('1', 3_100))).toEqual(unexplained);
});

describe('a kill of the host', () => {
  const flying = [began('1', 2_980), sent('1', 2_990)];

  it('is the cause if the worker of the request did not come to its record', () => {
    expect(repeated(...flying, killedAt(9_000))).toMatchObject({ ...nothing, duplicates: { ...none, killed: 1 } });
  });

  it.each([
    ['it came before the request', [killedAt(2_989)]],
    ['the worker came to its end', [ended('1', 3_060), killedAt(3_070)]],
    ['the worker had recorded the attempt', [put('1', 3_060, 'recorded'), killedAt(3_070)]],
    ['it was one of the store after that worker', [ended('1', 3_060), killedAt(3_070, 'the store')]],
  ])('is not the cause if %s', (_, events) => {
    expect(repeated(...flying, ...events)).toEqual(unexplained);
  });

  it('explains one request of each worker', () => {
    const third = { ...second, order: 3 };
    expect(repeated(third, ...flying, killedAt(3_010)).violations).toEqual(['unexplained']);
    expect(repeated(third, ...flying, began('2', 2_990), sent('2', 2_991), killedAt(3_010))).toMatchObject(nothing);
  });
});

it('accepts a kill of the store before the record, if the record was not made', () => {
  const events = [began('1', 2_980), sent('1', 2_990), ended('1', 4_000)];
  expect(repeated(...events, put('1', 3_900, 'failed'), killedAt(3_010, 'the store'))).toMatchObject(nothing);
  expect(repeated(...events, killedAt(3_010, 'the store'))).toMatchObject(nothing);
  expect(repeated(...events, put('1', 3_900, 'failed'))).toEqual(unexplained);
  expect(repeated(...events, put('1', 3_900, 'recorded'), killedAt(3_010, 'the store'))).toEqual(unexplained);
});

describe('another worker', () => {
  const own = [began('1', 2_980), sent('1', 2_990), put('1', 3_060, 'exists'), ended('1', 3_070)];

  it('is the cause if it had the same job at the same time, and recorded the attempt', () => {
    const other = [began('2', 2_900), put('2', 3_030, 'recorded'), ended('2', 3_040)];
    expect(repeated(...own, ...other)).toMatchObject({ ...nothing, duplicates: { ...none, 'two-workers': 1 } });
  });

  it.each([
    ['it had another job', [began('2', 2_900, 'another'), put('2', 3_030, 'recorded'), ended('2', 3_040)]],
    ['it had ended before', [began('2', 2_900), put('2', 2_960, 'recorded'), ended('2', 2_970)]],
    ['it recorded another attempt', [began('2', 2_900), put('2', 3_030, 'recorded', 'b'), ended('2', 3_040)]],
    ['it recorded none', [began('2', 2_900), ended('2', 3_040)]],
  ])('is not the cause if %s', (_, events) => {
    expect(repeated(...own, ...events)).toEqual(unexplained);
  });
});

describe('a request that is sent again in its attempt', () => {
  const again = [began('1', 2_980), sent('1', 2_990), sent('1', 3_060), put('1', 3_090, 'recorded'), ended('1', 3_100)];
  const broken = (answer: 'lost' | 'refused') => {
    const history = aGoodHistory(1).map((event) =>
      event.kind === 'recorded' || (event.kind === 'received' && event.order === 1)
        ? { ...event, timestamp: 3 }
        : event,
    );
    const { violations, duplicates } = checkHistory([...history, { ...second, order: 0, answer }, ...again]);
    return { violations: violations.map(({ promise }) => promise), duplicates };
  };

  it('is accepted if its connection broke without an answer', () => {
    expect(broken('lost')).toEqual({ violations: [], duplicates: { ...none, 'answer-lost': 1 } });
  });

  it('is not accepted if it was answered', () => {
    expect(broken('refused').violations).toEqual(['unexplained']);
  });
});
