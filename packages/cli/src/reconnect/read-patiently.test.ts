import { CliError } from '../exit/cli-error.ts';
import { noticeSleep } from './notice-sleep.ts';
import { readPatiently } from './read-patiently.ts';
import { PassingFailure } from './send-or-pass.ts';

const { jest } = import.meta;
beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const passing = (retryAfterSeconds = 0) => new PassingFailure(new CliError('unreachable', 'lost'), retryAfterSeconds);

function aReading(read: (signal: AbortSignal, tries: number) => Promise<string>) {
  const said: string[] = [];
  const stopping = new AbortController();
  const sleep = noticeSleep();
  let tries = 0;
  const result = readPatiently(
    (signal) => {
      tries += 1;
      return read(signal, tries);
    },
    { wake: sleep.signal, onLost: ({ message }) => said.push(message), onBack: () => said.push('back') },
    stopping.signal,
  );
  return { result, said, sleep, tries: () => tries, stop: () => stopping.abort() };
}

/** A read that never ends by itself. */
const hang = (signal: AbortSignal) =>
  new Promise<string>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('a read', () => {
  it('is repeated with growing waits, and the loss is said once', async () => {
    const { result, said, tries } = aReading(async (_, n) => {
      if (n <= 10) throw passing();
      return 'page';
    });
    await jest.advanceTimersByTimeAsync(250);
    expect(tries()).toBe(2);
    await jest.advanceTimersByTimeAsync(500);
    expect(tries()).toBe(3);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await result).toBe('page');
    expect(said).toEqual(['lost', 'back']);
  });

  it('waits as long as the server asks', async () => {
    const { tries } = aReading(async () => {
      throw passing(30);
    });
    await jest.advanceTimersByTimeAsync(29_900);
    expect(tries()).toBe(1);
    await jest.advanceTimersByTimeAsync(200);
    expect(tries()).toBe(2);
  });

  it('fails with what no repetition can change', async () => {
    const { result, said } = aReading(async () => {
      throw new CliError('notAllowed', 'no');
    });
    await expect(result).rejects.toThrow('no');
    expect(said).toEqual([]);
  });

  it('ends without a result when it is stopped, during a read and during a wait', async () => {
    const reading = aReading(hang);
    reading.stop();
    expect(await reading.result).toBeUndefined();
    const waiting = aReading(async () => {
      throw passing(60);
    });
    await jest.advanceTimersByTimeAsync(0);
    waiting.stop();
    expect(await waiting.result).toBeUndefined();
  });

  it('is given up and repeated at once when the machine wakes up', async () => {
    const { result, said, tries } = aReading((signal, n) => (n === 1 ? hang(signal) : Promise.resolve('page')));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(tries()).toBe(1);
    // Timers stand still meanwhile, and the clock does not.
    jest.setSystemTime(Date.now() + 3_600_000);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await result).toBe('page');
    expect(said).toEqual([]);
  });

  it('is repeated at once when the process goes on after a stop, also while it waits', async () => {
    const { result, sleep } = aReading(async (_, n) => {
      if (n === 1) throw passing(60);
      return 'page';
    });
    await jest.advanceTimersByTimeAsync(0);
    sleep.wake();
    await jest.advanceTimersByTimeAsync(0);
    expect(await result).toBe('page');
  });
});
