import { parseSigningSecret } from '@posthorn/core/signing/secret';
import { backoffMs } from '../../../reconnect/backoff.ts';
import type { PolledMessage } from '../messages/read-poll-answer.ts';
import { createSessionSecret } from '../signing/session-secret.ts';
import type { TargetAnswer } from '../target/send-to-target.ts';
import { createHandOver, type HandOverDeps } from './hand-over.ts';

const { jest } = import.meta;
beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});
afterEach(() => {
  jest.useRealTimers();
});

const secret = parseSigningSecret(createSessionSecret());
const message: PolledMessage = {
  ...{ id: 'msg_1', eventType: 'a', channels: [], contentType: 'application/json', body: '{}' },
  acceptedAt: new Date(1_000),
};
const answered = (status: number): TargetAnswer => ({ kind: 'answered', status, ms: 1 });
const refused: TargetAnswer = { kind: 'unreachable', reason: 'nothing listens there', ms: 1 };
const broken: TargetAnswer = { kind: 'broken', reason: 'closed', ms: 1 };

/** Hands one message over to a target that gives these answers, the last one for ever. */
function handOver(
  answers: readonly TargetAnswer[],
  change: Partial<HandOverDeps> = {},
  about: Partial<PolledMessage> = {},
) {
  const holds: (string | undefined)[] = [];
  const timestamps: (string | undefined)[] = [];
  const stopping = new AbortController();
  const run = createHandOver({
    prepare: async ({ body }) => ({ kind: 'ready', outgoing: { method: 'POST', body, headers: {} }, secret }),
    send: async ({ headers }) => {
      timestamps.push(headers['webhook-timestamp']);
      return answers[Math.min(timestamps.length, answers.length) - 1] ?? refused;
    },
    clock: () => new Date(),
    onHold: (hold) => void holds.push(hold?.reason),
    retry: false,
    ...change,
  });
  const ended = run({ ...message, ...about }, { stop: stopping.signal, stopNow: new AbortController().signal });
  return { ended, holds, timestamps, stop: () => stopping.abort() };
}

describe('a message is handed over', () => {
  it.each([
    [answered(299), { status: 299, error: null }],
    [answered(300), { status: 300, error: 'the target answered 300' }],
    [answered(500), { status: 500, error: 'the target answered 500' }],
    [broken, { status: null, error: 'closed' }],
  ])('when the target has had it: %j', async (answer, expected) => {
    const { ended, holds } = handOver([answer]);
    expect(await ended).toEqual({ id: 'msg_1', type: 'a', ms: 1, ...expected });
    expect(holds).toEqual([]);
  });

  it.each([
    ['2026-01-31T12:00:00.001Z', { deliverAt: '2026-01-31T12:00:00.001Z' }],
    ['2026-01-31T12:00:00.000Z', {}],
  ])('and it is said that endpoints get it later: %s', async (deliverAt, expected) => {
    const clock = () => new Date('2026-01-31T12:00:00Z');
    const { ended } = handOver([answered(200)], { clock }, { deliverAt: new Date(deliverAt) });
    expect(await ended).toEqual({ id: 'msg_1', type: 'a', ms: 1, status: 200, error: null, ...expected });
  });

  it('again and again while the target takes no connection, with a new time of its signature', async () => {
    const { ended, holds, timestamps } = handOver([refused, refused, refused, answered(200)]);
    await jest.advanceTimersByTimeAsync(20_000);
    expect(await ended).toEqual({ id: 'msg_1', type: 'a', ms: 1, status: 200, error: null, tries: 4 });
    expect(holds).toEqual(['nothing listens there', undefined]);
    expect(Number(timestamps[3]) - Number(timestamps[0])).toBe(Math.floor((250 + 500 + 1_000) / 1_000));
  });

  it('until the target accepts it, if that is asked for', async () => {
    const { ended, holds } = handOver([answered(500), broken, refused, answered(204)], { retry: true });
    await jest.advanceTimersByTimeAsync(20_000);
    expect(await ended).toMatchObject({ status: 204, tries: 4 });
    expect(holds).toEqual(['the target answered 500', undefined]);
  });

  it('later, if it waits when it is stopped', async () => {
    const { ended, stop, timestamps } = handOver([refused]);
    await jest.advanceTimersByTimeAsync(1_000);
    stop();
    expect(await ended).toBeUndefined();
    const tries = timestamps.length;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(timestamps).toHaveLength(tries);
  });

  it('not to another machine: that ends the session', async () => {
    const { ended } = handOver([{ kind: 'forbidden', reason: 'a is 192.0.2.1', ms: 1 }], { retry: true });
    await expect(ended).rejects.toMatchObject({ exitCode: 1, code: 'external_target' });
  });

  it('not at all, if the transformation cancels it or fails', async () => {
    const canceled = handOver([], { prepare: async () => ({ kind: 'canceled' }) });
    expect(await canceled.ended).toEqual({ id: 'msg_1', type: 'a', status: null, ms: 0, error: null, canceled: true });
    const failed = handOver([], { prepare: async () => ({ kind: 'failed', reason: 'Error: no' }) });
    expect(await failed.ended).toEqual({ id: 'msg_1', type: 'a', status: null, ms: 0, error: 'Error: no' });
    expect([canceled.timestamps, failed.timestamps]).toEqual([[], []]);
  });
});

it('waits longer after each failure, and at most five seconds', () => {
  expect([1, 2, 3, 4, 5, 6, 100].map(backoffMs)).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
});
