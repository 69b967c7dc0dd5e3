import type { Storage } from '@posthorn/local-storage';
import { keys } from '../rows/keys.ts';
import { type Message, toRow } from '../rows/message-row.ts';
import { createWindow } from './window.ts';

const queueId = '1';
const aMessage = (group: string, sequence: number): Message => ({
  group,
  sequence,
  id: `id-${sequence}`,
  sentAt: 0,
  receives: 0,
  body: `${group}${sequence}`,
});

/** Rows whose reads end when the test says so, with what was there when they began. */
function heldRows() {
  const stored: Message[] = [];
  const reads: (() => void)[] = [];
  const rows: Storage['rows'] = async function* ({ gt = '', gte = '', lt = '~' }) {
    const found = stored
      .map((message): [string, string] => [keys.message(queueId, message.group, message.sequence), toRow(message)])
      .filter(([key]) => key > gt && key >= gte && key < lt)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    await new Promise<void>((resolve) => reads.push(resolve));
    if (found.length > 0) yield found;
  };
  const end = async (): Promise<void> => {
    for (const resolve of reads.splice(0)) resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { rows, stored, end };
}

const limits = { groups: 2, messagesPerGroup: 4, characters: 1_000 };

describe('the window', () => {
  it('has a message once that a read finds before it arrives', async () => {
    const { rows, stored, end } = heldRows();
    const window = createWindow({ storage: { rows }, queueId, fifo: false, isTaken: () => false, limits });
    stored.push(aMessage('a', 1));
    const discovering = window.discover([]);
    await end();
    await discovering;
    window.arrived(aMessage('a', 1));
    expect(window.find('a')?.waiting.map(({ body }) => body)).toEqual(['a1']);
  });

  it('reads a group on if a message arrived while it was discovered, when there was no room', async () => {
    const { rows, stored, end } = heldRows();
    const window = createWindow({ storage: { rows }, queueId, fifo: false, isTaken: () => false, limits });
    stored.push(aMessage('c', 1));
    const discovering = window.discover([]);
    for (const group of ['a', 'b']) window.arrived(aMessage(group, 2));
    window.arrived(aMessage('c', 3));
    stored.push(aMessage('c', 3));
    // The other groups end, so there is room for the third one.
    const [first] = ['a', 'b'].flatMap((group) => window.find(group) ?? []);
    if (first === undefined) throw new Error('the group did not get in');
    window.load(first);
    await end();
    await discovering;
    await window.loaded();
    const found = window.find('c') ?? (await discoverAgain());
    expect(found?.more || found?.waiting.length === 2).toBe(true);

    async function discoverAgain() {
      const again = window.discover([]);
      await end();
      await again;
      return window.find('c');
    }
  });
});
