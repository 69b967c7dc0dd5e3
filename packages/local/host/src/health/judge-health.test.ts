import { judgeHealth } from './judge-health.ts';

const now = new Date('2026-01-01T00:10:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const writable = { writable: true } as const;

it.each([undefined, ago(0), ago(60), ago(-5)])('is healthy if fan-out is behind since %s', (fanOutBehindSince) => {
  expect(judgeHealth({ storage: writable, fanOutBehindSince, now })).toEqual({ kind: 'healthy' });
});

it('is unhealthy if fan-out is behind by more than a minute', () => {
  const health = judgeHealth({ storage: writable, fanOutBehindSince: ago(61), now });
  expect(health).toMatchObject({ kind: 'unhealthy', reason: expect.stringContaining('Fan-out is 61 s behind') });
});

it.each([
  ['full', 'too little free space'],
  ['failing', 'cannot write'],
] as const)('is unhealthy if the store is %s', (cause, reason) => {
  const health = judgeHealth({ storage: { writable: false, cause }, fanOutBehindSince: undefined, now });
  expect(health).toMatchObject({ kind: 'unhealthy', reason: expect.stringContaining(reason) });
});
