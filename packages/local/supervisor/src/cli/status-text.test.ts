import type { SystemStatus } from '@posthorn/local-host/control';
import { duration } from './duration.ts';
import { statusText } from './status-text.ts';

const status: SystemStatus = {
  health: { kind: 'healthy' },
  startedAt: '2026-01-01T00:00:00.000Z',
  restarts: 1,
  counts: { accepted: 12_345, delivered: 12_300, failedAttempts: 7 },
  failing: 4,
  openBreakers: 2,
  queues: { waiting: 3, inFlight: 2, oldestWaitingSeconds: 65, deadLetters: 1 },
  fanOutBehindSeconds: 0,
  isPartial: false,
};
const now = new Date('2026-01-01T02:03:04Z');
const textOf = (changes: Partial<SystemStatus>) => statusText({ ...status, ...changes }, 'http://localhost:8071', now);

it('shows a status in lines', () => {
  expect(textOf({})).toBe(`Posthorn at http://localhost:8071 accepts messages.
It has run for 2 h 3 min, and was started again once before. The first three counts begin there.

accepted         12,345
delivered        12,300
failed attempts  7
failing          4           deliveries that wait for their next attempt
open breakers    2           endpoints that keep failing: their deliveries are held
waiting          3           oldest for 1 min 5 s
being sent       2
dead letters     1
fan-out          up to date`);
});

it('says why no messages are accepted, and what it does not know', () => {
  const { queues: _, ...rest } = status;
  const text = statusText(
    { ...rest, health: { kind: 'unhealthy', reason: 'No space.' }, isPartial: true, fanOutBehindSeconds: 90 },
    'http://localhost:8071',
    now,
  );
  for (const part of [
    'accepts no messages. No space.',
    'the queues are at another endpoint',
    '1 min 30 s behind',
    'too low',
  ])
    expect(text).toContain(part);
});

it('shows applications in a table', () => {
  const application = { id: 'app_1', accepted: 5, delivered: 4, failedAttempts: 1, failing: 1, waiting: 2_000 };
  const text = textOf({
    applications: [
      { ...application, oldestWaitingSeconds: 3 },
      { ...application, id: 'app_22' },
    ],
  });
  expect(text.split('\n').slice(-3)).toEqual([
    'application  accepted  delivered  failed attempts  failing  waiting  oldest',
    'app_1        5         4          1                1        2,000    3 s',
    'app_22       5         4          1                1        2,000',
  ]);
  expect(textOf({ applications: [] })).toContain('No application');
});

it.each([
  [0, '0 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [3_600, '1 h'],
  [3_605, '1 h'],
  [90_000, '1 d 1 h'],
])('writes %d seconds as %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
