import type { Answer, Connection } from '../connection/connection.ts';
import { CliError } from '../exit/cli-error.ts';
import { PassingFailure, toPassing } from './send-or-pass.ts';

const connectionThat = (send: () => Promise<Answer>) => ({ send }) as unknown as Connection;
const answering = (status: number) =>
  connectionThat(async () => ({ status, headers: {}, bytes: Buffer.from('{}') }) as unknown as Answer);
const operation = { method: 'GET', path: '/app' } as const;
const never = new AbortController().signal;

describe('a connection for patient reads', () => {
  it.each([408, 429, 500, 503])('has a failure that may be over soon after %d', async (status) => {
    const { send, call } = toPassing(answering(status), never);
    await expect(send(operation)).rejects.toBeInstanceOf(PassingFailure);
    await expect(call(operation)).rejects.toBeInstanceOf(PassingFailure);
  });

  it('returns other answers, and fails with those that are no success', async () => {
    const { send, call } = toPassing(answering(404), never);
    expect(await send(operation)).toMatchObject({ status: 404 });
    await expect(call(operation)).rejects.toBeInstanceOf(CliError);
  });

  it.each([
    ['unreachable', false, true],
    ['interrupted', true, true],
    ['interrupted', false, false],
  ] as const)('after a request that was %s (woken: %j): it may be over soon: %j', async (kind, isWoken, isPassing) => {
    const connection = connectionThat(() => Promise.reject(new CliError(kind, 'no')));
    const reading = toPassing(connection, isWoken ? AbortSignal.abort() : never).send(operation);
    await expect(reading).rejects.toBeInstanceOf(isPassing ? PassingFailure : CliError);
  });
});
