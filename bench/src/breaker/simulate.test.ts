import { simulateDeadEndpoint } from './simulate.ts';
import { createTimeline } from './timeline.ts';

const hourMs = 3_600_000;
const dead = { messages: 200, arriveOverMs: hourMs, failureMs: 15_000 };

describe('a dead endpoint in the simulation', () => {
  it('costs a hundredth of the requests with a breaker, and gets everything when it is back', () => {
    const without = simulateDeadEndpoint({ ...dead, deadMs: 24 * hourMs, hasBreaker: false });
    const withIt = simulateDeadEndpoint({ ...dead, deadMs: 24 * hourMs, hasBreaker: true });
    expect(without.failedRequests).toBe(200 * 7);
    expect(withIt.failedRequests).toBeLessThan(200);
    expect(withIt.workerSeconds).toBeLessThan(without.workerSeconds / 5);
    expect(withIt.writeUnits).toBeLessThan(without.writeUnits);
    expect(withIt.holds).toBeGreaterThanOrEqual(180);
    expect(withIt.wakes).toBeGreaterThan(24 * 4);
    expect([without.holds, without.wakes]).toEqual([0, 0]);
    expect([withIt.exhausted, withIt.deliveredAfterMs < hourMs / 2]).toEqual([0, true]);
  });

  it('costs nothing if it is not dead', () => {
    for (const hasBreaker of [false, true]) {
      const cost = simulateDeadEndpoint({ ...dead, deadMs: 0, hasBreaker });
      expect(cost).toMatchObject({ failedRequests: 0, holds: 0, wakes: 0, exhausted: 0, writeUnits: 200 });
    }
  });
});

it('a timeline does everything in the order of its times, also what is added meanwhile', () => {
  const timeline = createTimeline();
  const done: string[] = [];
  timeline.at(20, () => done.push(`20 at ${timeline.now()}`));
  timeline.at(10, () => {
    done.push('10');
    timeline.at(5, () => done.push(`late at ${timeline.now()}`));
    timeline.at(15, () => done.push('15'));
  });
  timeline.at(10, () => done.push('10 too'));
  timeline.run();
  expect(done).toEqual(['10', '10 too', 'late at 10', '15', '20 at 20']);
});
