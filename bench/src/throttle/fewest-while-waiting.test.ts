import { fewestWhileWaiting } from './fewest-while-waiting.ts';

const all = { windowMs: 1_000, endsAt: 100_000 };
const every = (ms: number, count: number): readonly number[] => Array.from({ length: count }, (_, n) => n * ms);

describe('the fewest requests in a window through which messages waited', () => {
  it('is that of the emptiest one', () => {
    const atOnce = every(0, 100);
    expect(fewestWhileWaiting(every(100, 100), atOnce, all)).toBe(10);
    const withPause = every(100, 100).map((time) => (time < 3_000 ? time : time + 500));
    expect(fewestWhileWaiting(withPause, atOnce, all)).toBe(5);
  });

  it('does not count what follows the measurement', () => {
    expect(fewestWhileWaiting(every(100, 20), every(0, 100), { windowMs: 1_000, endsAt: 1_950 })).toBe(10);
  });

  it('is not known if none waited through a whole window', () => {
    expect(fewestWhileWaiting(every(100, 100), every(100, 100), all)).toBeUndefined();
    expect(fewestWhileWaiting([], [], all)).toBeUndefined();
  });
});
