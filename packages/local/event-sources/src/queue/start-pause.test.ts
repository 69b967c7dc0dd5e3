import { measureTurn, startPauseMs } from './start-pause.ts';

describe('the pause before one more batch', () => {
  it('is none while the process is idle, and grows with its work up to a limit', () => {
    expect([0, 5, 99, 100, 700, 60_000].map(startPauseMs)).toEqual([0, 0, 0, 200, 1_400, 2_000]);
  });

  it('sees work that is done before a timer', async () => {
    const turn = measureTurn();
    const end = performance.now() + 150;
    while (performance.now() < end);
    expect(startPauseMs(await turn)).toBeGreaterThan(0);
  });
});
