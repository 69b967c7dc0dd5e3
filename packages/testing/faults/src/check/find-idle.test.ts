import { aGoodHistory } from '../fixtures/events.ts';
import type { Event } from '../history/event.ts';
import { checkHistory } from './check-history.ts';

const planned = (fault: string, least = 1): Event => ({ kind: 'planned', fault, least });
const happened = (fault: string): Event => ({ kind: 'fault', fault });
const idleIn = (...events: readonly Event[]) => checkHistory([...aGoodHistory(1), ...events]).violations;

it('finds each planned fault that did not happen, or not as often', () => {
  expect(idleIn(planned('tables: error'), happened('tables: throttle'))).toEqual([
    { promise: 'did-not-happen', what: 'tables: error: 0 times, of at least 1' },
  ]);
  expect(idleIn(planned('clock: 5 min', 2), happened('clock: 5 min'))).toHaveLength(1);
  expect(idleIn(planned('clock: 5 min', 2), happened('clock: 5 min'), happened('clock: 5 min'))).toEqual([]);
});

it('finds a kill at a step that was not reached', () => {
  const killed: Event = { kind: 'killed', at: 1, step: 'record: before' };
  expect(idleIn(planned('kill: record: before'), killed)).toEqual([]);
  expect(idleIn(planned('kill: record: after'), killed)).toHaveLength(1);
});

it('counts the faults of each kind, and kills as one kind', () => {
  const kills = ['a', 'b'].map((step): Event => ({ kind: 'killed', at: 1, step }));
  const { faults } = checkHistory([...kills, happened('queues: error'), happened('clock: 5 min')]);
  expect(faults).toEqual({ kill: 2, 'queues: error': 1, clock: 1 });
});
