import { keepTimeMs } from './keep-time.ts';

describe('a connection', () => {
  it.each([
    [[], 4_000],
    [['Date', 'now', 'Keep-Alive', 'timeout=5'], 4_000],
    [['keep-alive', 'max=100, timeout=3'], 2_000],
    [['keep-alive', 'timeout=1'], 0],
    [['keep-alive', 'timeout=0'], -1_000],
    [['keep-alive', 'timeout=soon'], 4_000],
    [['x', 'keep-alive', 'timeout=1', 'y'], 4_000],
  ])('whose answer has %j is kept for %i ms', (rawHeaders, keepMs) => {
    expect(keepTimeMs(rawHeaders)).toBe(keepMs);
  });
});
