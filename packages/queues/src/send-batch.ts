import {
  type BatchResultErrorEntry,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import { isPassingError, PassingError, UnusableData } from '@posthorn/core';
import type { QueuesClient } from './queue-client.ts';

/** An entry to send to a queue. */
export type QueueEntry = Omit<SendMessageBatchRequestEntry, 'Id'>;

export const maxBatchEntries = 10;
const maxTries = 4;
const firstPauseMs = 50;

/** Waits. It is an argument, so that tests do not have to. */
export type Pause = (ms: number) => Promise<void>;
export const pause: Pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export interface Sending {
  readonly client: QueuesClient;
  /** Finds the queue's URL. It may fail like a request. */
  readonly findQueueUrl: () => Promise<string>;
  readonly pause: Pause;
}

/** The entries that were not sent, by their index, each with the reason. */
export type Unsent = ReadonlyMap<number, unknown>;

/**
 * Sends up to ten entries. Entries that SQS lists as failed are sent again, with growing pauses, unless the entry itself
 * is the cause: its reason is then an `UnusableData`. A request that fails as a whole is not repeated, because the client
 * has done that already. If it fails for good, its entries are sent one by one, so that none fails for another one.
 */
export async function sendBatch(sending: Sending, entries: readonly QueueEntry[]): Promise<Unsent> {
  const unsent = new Map<number, unknown>();
  let open: readonly number[] = entries.map((_, index) => index);
  for (let tries = 0; open.length > 0 && tries < maxTries; tries += 1) {
    if (tries > 0) await sending.pause(firstPauseMs * 2 ** tries);
    const { listed, failed } = await sendOnce(sending, entries, open);
    for (const index of open) unsent.delete(index);
    for (const [index, error] of [...listed, ...failed]) unsent.set(index, error);
    open = listed.flatMap(([index, error]) => (error instanceof PassingError ? [index] : []));
  }
  return unsent;
}

type Failure = readonly [index: number, error: unknown];

interface SendResult {
  /** Entries that SQS listed as failed. */
  readonly listed: readonly Failure[];
  /** Entries of a request that failed as a whole. */
  readonly failed: readonly Failure[];
}

async function sendOnce(
  sending: Sending,
  entries: readonly QueueEntry[],
  open: readonly number[],
): Promise<SendResult> {
  const Entries = open.map((index) => ({
    ...entries[index],
    MessageBody: entries[index]?.MessageBody,
    Id: String(index),
  }));
  try {
    const command = new SendMessageBatchCommand({ QueueUrl: await sending.findQueueUrl(), Entries });
    const { Failed = [] } = await sending.client.send(command);
    return { listed: Failed.map((failure) => [Number(failure.Id), toError(failure)] as const), failed: [] };
  } catch (error) {
    if (open.length === 1 || isPassingError(error))
      return { listed: [], failed: open.map((index) => [index, error] as const) };
    const results = await Promise.all(open.map((index) => sendOnce(sending, entries, [index])));
    return {
      listed: results.flatMap(({ listed }) => listed),
      failed: results.flatMap(({ failed }) => failed),
    };
  }
}

/** SQS calls some throttles a fault of the sender too. */
function toError({ Code = 'unknown error', SenderFault }: BatchResultErrorEntry): Error {
  const isPassing = SenderFault !== true || isPassingError({ code: Code });
  return isPassing
    ? new PassingError(`the queue did not accept the entry: ${Code}`)
    : new UnusableData(`the queue refuses the entry: ${Code}`);
}
