import { PassThrough } from 'node:stream';
import { createPause } from '../session/pause.ts';
import { watchSession } from './watch-session.ts';

/** Watches a session in a terminal. The test says whether it is in the foreground. */
async function watch(isForeground: () => boolean, lookEveryMs?: number) {
  const [asked, rawModes]: [string[], boolean[]] = [[], []];
  const stdin = Object.assign(new PassThrough(), { setRawMode: (isRaw: boolean) => rawModes.push(isRaw) });
  const note = (what: string) => () => void asked.push(what);
  const { signal } = new AbortController();
  const watched = await watchSession(
    {
      stdin,
      isTerminal: { stdin: true, stdout: true, stderr: true },
      isForeground: async () => isForeground(),
    },
    {
      session: { run: async (position) => position, resend: async () => true },
      signals: { stop: signal, stopNow: signal },
      pause: createPause(),
      sleep: { signal: () => signal, wake: note('wake'), end: () => undefined },
      output: { start: () => undefined, notice: () => undefined, event: async () => undefined },
      quit: note('quit'),
      interrupt: note('interrupt'),
      ...(lookEveryMs !== undefined && { lookEveryMs }),
    },
  );
  return { watched, stdin, asked, rawModes };
}
const later = () => new Promise(setImmediate);
const goOn = async () => {
  process.emit('SIGCONT');
  await later();
};

describe('a session in a terminal', () => {
  it('never changes the terminal in the background, where that would stop the process', async () => {
    const { watched, stdin, asked, rawModes } = await watch(() => false);
    await goOn();
    stdin.write('q');
    await later();
    watched.end();
    expect([watched.hasKeys, asked, rawModes]).toEqual([false, ['wake'], []]);
  });

  it('takes the keys when it goes on in the foreground, and not when it goes on in the background', async () => {
    let isForeground = false;
    const { watched, stdin, asked, rawModes } = await watch(() => isForeground);
    await goOn();
    expect(rawModes).toEqual([]);
    isForeground = true;
    await goOn();
    stdin.write('q');
    await later();
    expect([asked.at(-1), rawModes]).toEqual(['quit', [true]]);
    watched.end();
    expect(rawModes).toEqual([true, false]);
  });

  it('takes the keys soon after it came to the foreground without a signal', async () => {
    let isForeground = false;
    const { watched, rawModes } = await watch(() => isForeground, 1);
    await later();
    expect(rawModes).toEqual([]);
    isForeground = true;
    while (rawModes.length === 0) await later();
    watched.end();
    expect(rawModes).toEqual([true, false]);
  });

  it('gives up the keys, and leaves the terminal as it is, when it goes on in the background', async () => {
    let isForeground = true;
    const { watched, stdin, asked, rawModes } = await watch(() => isForeground);
    isForeground = false;
    await goOn();
    stdin.write('q');
    await later();
    watched.end();
    expect([asked, rawModes]).toEqual([['wake'], [true]]);
  });

  it('takes no keys any more when it has ended', async () => {
    const { watched, rawModes } = await watch(() => true);
    process.emit('SIGCONT');
    watched.end();
    await later();
    expect([watched.hasKeys, rawModes]).toEqual([true, [true, false]]);
  });
});
