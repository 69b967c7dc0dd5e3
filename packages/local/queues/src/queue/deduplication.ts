import type { Change } from '@posthorn/local-storage';
import { keys, ranges } from '../rows/keys.ts';
import type { QueueState } from './state.ts';

/** How long SQS remembers a deduplication id, in milliseconds. */
const rememberedMs = 5 * 60 * 1_000;

/** The ids of five minutes are under one prefix, so that they can be deleted together. */
const generationOf = (at: number): number => Math.floor(at / rememberedMs);

export interface Sent {
  readonly id: string;
  readonly sequence: number;
}

/** Returns the message that was sent with a deduplication id within five minutes, even if it was deleted. */
export function findSent({ storage, id }: QueueState, deduplicationId: string, now: number): Sent | undefined {
  const generation = generationOf(now);
  for (const candidate of [generation, generation - 1]) {
    const row = storage.latest(keys.deduplication(id, candidate, deduplicationId));
    const [at = '', messageId = '', sequence = ''] = row?.split(' ') ?? [];
    if (row !== undefined && keepsDeduplicationId(Number(at), now))
      return { id: messageId, sequence: Number(sequence) };
  }
  return undefined;
}

/** Whether the deduplication id of a message is still remembered. */
export const keepsDeduplicationId = (sentAt: number, now: number): boolean => now - sentAt < rememberedMs;

export const rememberSent = (
  { id }: Pick<QueueState, 'id'>,
  deduplicationId: string,
  sent: Sent,
  now: number,
): Change => ({
  type: 'put',
  key: keys.deduplication(id, generationOf(now), deduplicationId),
  value: `${now} ${sent.id} ${sent.sequence}`,
});

/** Deletes the deduplication ids that are too old. */
export const forgetSent = ({ storage, id, now }: QueueState): Promise<void> =>
  storage.clear(ranges.deduplicationBefore(id, generationOf(now()) - 1));
