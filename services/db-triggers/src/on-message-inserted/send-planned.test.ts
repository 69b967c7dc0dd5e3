import { type Delivery, PassingError, type PlannedDelivery, UnusableData } from '@posthorn/core';
import type { DeliveriesQueue, FifoEntry } from '@posthorn/queues';
import { aDelivery, nthId, secondsLater, startOfTests } from '@posthorn/testing';
import { sendPlanned } from './send-planned.ts';

const delivery = (n: number) => aDelivery({ messageId: nthId('message', n) });
const standard = (n: number): PlannedDelivery => ({ queue: 'standard', delivery: delivery(n) });
const fifo = (n: number, group: string): PlannedDelivery => ({ queue: 'fifo', delivery: delivery(n), group });
const numbered = (entries: readonly { readonly delivery: Delivery }[], all: readonly PlannedDelivery[]) =>
  entries.map(({ delivery: own }) => all.findIndex((planned) => planned.delivery.messageId === own.messageId));
const refusal = new UnusableData('refused');
const outage = new PassingError('away');

const nobody: DeliveriesQueue = { sendStandard: async () => [], sendSlow: async () => [], sendFifo: async () => [] };

describe('sending planned deliveries', () => {
  it('sends each to its queue, with its group', async () => {
    const sent: unknown[] = [];
    const send = async (entries: readonly object[]) => {
      sent.push(entries);
      return [];
    };
    const planned = [standard(1), fifo(2, 'a'), standard(3), { queue: 'slow', delivery: delivery(4) } as const];
    expect(await sendPlanned({ sendStandard: send, sendSlow: send, sendFifo: send }, planned, startOfTests)).toEqual(
      [],
    );
    expect(sent).toEqual([
      [{ delivery: delivery(1) }, { delivery: delivery(3) }],
      [{ delivery: delivery(4) }],
      [{ delivery: delivery(2), group: 'a' }],
    ]);
  });

  it.each([
    ['waits on the queue for its time', 0.5, 1],
    ['waits on the queue for as long as that can delay it', 900, 900],
    ['goes to a worker at once if that is not long enough', 900.001, undefined],
    ['goes to a worker at once if its time has passed', -1, undefined],
    ['goes to a worker at once if its time is now', 0, undefined],
  ])('a delivery that is scheduled %s', async (_, seconds, delaySeconds) => {
    const sent: unknown[] = [];
    const send = async (entries: readonly object[]) => {
      sent.push(...entries);
      return [];
    };
    const later = aDelivery({ scheduledAt: secondsLater(seconds), notBefore: secondsLater(seconds) });
    const planned = (['standard', 'slow'] as const).map((queue) => ({ queue, delivery: later }));
    await sendPlanned({ ...nobody, sendStandard: send, sendSlow: send }, planned, startOfTests);
    const entry = { delivery: later, ...(delaySeconds !== undefined && { delaySeconds }) };
    expect(sent).toEqual([entry, entry]);
  });

  it('returns the deliveries that were not accepted, with the reason', async () => {
    const planned = [standard(1), standard(2), standard(3)];
    const unsent = await sendPlanned(
      {
        ...nobody,
        sendStandard: async ([one, other]) => [
          ...(one ? [{ ...one, error: refusal }] : []),
          ...(other ? [{ ...other, error: outage }] : []),
        ],
      },
      planned,
      startOfTests,
    );
    expect(unsent).toEqual([
      { entry: planned[0], error: refusal },
      { entry: planned[1], error: outage },
    ]);
  });

  it('finds the delivery that makes the sending throw, and sends all others', async () => {
    const taken: number[] = [];
    const planned = [0, 1, 2, 3, 4].map(standard);
    const unsent = await sendPlanned(
      {
        ...nobody,
        sendStandard: async (entries) => {
          const numbers = numbered(entries, planned);
          if (numbers.includes(2)) throw new RangeError('Invalid time value');
          taken.push(...numbers);
          return [];
        },
      },
      planned,
      startOfTests,
    );
    expect(unsent.map(({ entry }) => entry)).toEqual([planned[2]]);
    expect(taken).toEqual([0, 1, 3, 4]);
  });

  /** A FIFO queue that stops a group at the first entry for which there is an error, as the real one does. */
  const aFifoQueue = (errorOf: (n: number) => Error | undefined, planned: readonly PlannedDelivery[]) => {
    const taken: number[] = [];
    const sendFifo: DeliveriesQueue['sendFifo'] = async (entries) => {
      const stopped = new Map<string, Error>();
      const unsent: (FifoEntry & { error: Error })[] = [];
      for (const entry of entries) {
        const [n = -1] = numbered([entry], planned);
        const error = stopped.get(entry.group) ?? errorOf(n);
        if (error) unsent.push({ ...entry, error: stopped.set(entry.group, error).get(entry.group) ?? error });
        else taken.push(n);
      }
      return unsent;
    };
    return { sendFifo, taken };
  };

  it('sends the rest of a group behind an entry that is refused for good, in order', async () => {
    const planned = ['a', 'a', 'b', 'a', 'a'].map((group, n) => fifo(n, group));
    const { sendFifo, taken } = aFifoQueue((n) => (n === 1 || n === 3 ? refusal : undefined), planned);
    const unsent = await sendPlanned({ ...nobody, sendFifo }, planned, startOfTests);
    expect(unsent).toEqual([planned[1], planned[3]].map((entry) => ({ entry, error: refusal })));
    expect(taken).toEqual([0, 2, 4]);
  });

  it('sends nothing of a group behind an entry that can be sent later', async () => {
    const planned = ['a', 'a', 'b', 'a'].map((group, n) => fifo(n, group));
    const { sendFifo, taken } = aFifoQueue((n) => (n === 1 ? outage : undefined), planned);
    const unsent = await sendPlanned({ ...nobody, sendFifo }, planned, startOfTests);
    expect(unsent).toEqual([planned[1], planned[3]].map((entry) => ({ entry, error: outage })));
    expect(taken).toEqual([0, 2]);
  });
});
