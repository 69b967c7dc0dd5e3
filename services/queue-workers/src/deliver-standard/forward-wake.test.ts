import { PassingError } from '@posthorn/core';
import type { WakeEntry } from '@posthorn/queues';
import { secondsLater, startOfTests } from '@posthorn/testing';
import { aWakeJob } from '../fixtures/a-job.ts';
import { createForwardWake } from './forward-wake.ts';

const ofGroup = (seconds: number) => {
  const job = aWakeJob(1, { group: 'ep_1#a', at: secondsLater(seconds) });
  return { job, wake: job.content.wake };
};
function aWorker() {
  const sent: WakeEntry[] = [];
  const sendWakes = async (entries: readonly WakeEntry[]) => {
    sent.push(...entries);
    return [];
  };
  return { sent, forward: createForwardWake({ sendWakes, clock: () => startOfTests }) };
}

describe('a wake on the standard queue', () => {
  it('of a group is sent on when it is due, and waits on if it is early', async () => {
    const { sent, forward } = aWorker();
    for (const seconds of [-5, 0, 0.001, 30]) expect(await forward(ofGroup(seconds))).toBe('done');
    expect(sent.map(({ delaySeconds }) => delaySeconds)).toEqual([0, 0, 1, 30]);
    expect(sent[0]?.wake).toEqual(ofGroup(-5).wake);
  });

  it('comes back if the queue does not accept it', async () => {
    const error = new PassingError('the queue is busy');
    const sendWakes = async (entries: readonly WakeEntry[]) => entries.map((entry) => ({ ...entry, error }));
    const forward = createForwardWake({ sendWakes, clock: () => startOfTests });
    await expect(forward(ofGroup(0))).rejects.toThrow(error);
  });
});
