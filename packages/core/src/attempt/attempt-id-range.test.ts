import { lowestIdAt } from '../identifier/identifier.ts';
import { attemptIdRangeOf } from './attempt-id-range.ts';

const now = new Date('2026-06-01T00:00:00.000Z');
const [march, may] = [new Date('2026-03-20T00:00:00Z'), new Date('2026-05-01T00:00:00Z')];
const lowest = (time: string) => lowestIdAt('attempt', new Date(time));

describe('the ids of attempts that were made in a window', () => {
  it('end with it, but for the difference of clocks: no attempt is made before it was planned', () => {
    expect(attemptIdRangeOf({ before: may }, now).before).toBe(lowest('2026-05-01T00:00:02Z'));
  });

  it('begin at the earliest planned time', () => {
    const plannedFrom = march;
    expect(attemptIdRangeOf({ after: may, plannedFrom }, now).from).toBe(lowest('2026-03-20T00:00:00Z'));
    expect(attemptIdRangeOf({ after: may }, now).from).toBe(lowest('2026-05-01T00:00:00Z'));
  });

  it('begin 90 days ago if the window has no beginning', () => {
    expect(attemptIdRangeOf({ plannedFrom: march }, now)).toEqual({
      from: lowest('2026-03-03T00:00:00Z'),
      before: lowest('2026-06-01T01:00:00Z'),
    });
    expect(attemptIdRangeOf({ iterator: lowest('2026-04-01T00:00:00Z') }, now).from).toBe(
      lowest('2026-01-01T00:00:00Z'),
    );
  });
});
