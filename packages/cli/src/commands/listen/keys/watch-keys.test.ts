import { PassThrough } from 'node:stream';
import { watchKeys } from './watch-keys.ts';

function aTerminal() {
  const asked: string[] = [];
  const rawModes: boolean[] = [];
  const input = Object.assign(new PassThrough(), { setRawMode: (isRaw: boolean) => rawModes.push(isRaw) });
  const note = (what: string) => () => void asked.push(what);
  const actions = { resend: note('resend'), pause: note('pause'), quit: note('quit'), interrupt: note('interrupt') };
  const keys = watchKeys(input, { ...actions, suspend: note('suspend') });
  return { asked, rawModes, input, keys };
}
const typed = () => new Promise(setImmediate);

describe('keys', () => {
  it.each([
    ['r', ['resend']],
    ['p', ['pause']],
    ['q', ['quit']],
    ['\u0003', ['interrupt']],
    ['\u0004', ['quit']],
    ['\u001a', ['suspend']],
    ['rpq', ['resend', 'pause', 'quit']],
    ['\u001b[A', []],
    ['x\r\n', []],
  ])('%j asks for %j', async (text, expected) => {
    const { input, asked, keys } = aTerminal();
    keys.take();
    input.write(text);
    await typed();
    expect(asked).toEqual(expected);
  });

  it('leave the terminal as it was when they are released, and count once when it is taken again', async () => {
    const { input, asked, rawModes, keys } = aTerminal();
    keys.release();
    expect(rawModes).toEqual([]);
    keys.take();
    keys.release();
    input.write('r');
    await typed();
    expect(asked).toEqual([]);
    keys.take();
    keys.take();
    await typed();
    expect(asked).toEqual(['resend']);
    keys.release();
    expect([rawModes[0], rawModes.at(-1)]).toEqual([true, false]);
  });
});
