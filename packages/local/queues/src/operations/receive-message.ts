import { setTimeout as wait } from 'node:timers/promises';
import { toTakenMessage } from '../queue/local-queue.ts';
import { toReceiptHandle } from '../queue/receipt.ts';
import { release } from '../queue/settle.ts';
import type { QueueState } from '../queue/state.ts';
import { take } from '../queue/take.ts';
import type { Message } from '../rows/message-row.ts';
import { type Input, type Operation, requireQueue } from './context.ts';
import { digestOfAttributes, digestOfBody } from './digests.ts';
import { invalidValue, SqsFailure } from './failure.ts';
import { maxVisibilitySeconds } from './settle-messages.ts';

const maxMessages = 10;
const maxWaitSeconds = 20;
const maxInFlight = 120_000;

export const receiveMessage: Operation = async (context, input, { signal }) => {
  const queue = requireQueue(context, input);
  const visibility = wholeNumber(input, 'VisibilityTimeout', 0, maxVisibilitySeconds);
  const options = {
    count: wholeNumber(input, 'MaxNumberOfMessages', 1, maxMessages) ?? 1,
    visibilityMs: visibility === undefined ? undefined : visibility * 1_000,
  };
  const waitSeconds = wholeNumber(input, 'WaitTimeSeconds', 0, maxWaitSeconds) ?? 0;
  if (queue.flights.size >= maxInFlight)
    throw new SqsFailure('OverLimit', 'The maximum number of in flight messages is reached: 120000.', 403);
  const messages = await takeWithin(queue, options, waitSeconds * 1_000, signal);
  if (messages.length === 0) return {};
  return { Messages: messages.map((message) => toOutput(queue, message, input)) };
};

/** Waits for the first message. Returns none to a caller that has gone: it would stay hidden. */
async function takeWithin(
  queue: QueueState,
  options: { readonly count: number; readonly visibilityMs: number | undefined },
  waitMs: number,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly Message[]> {
  const until = performance.now() + waitMs;
  while (!signal.aborted) {
    const messages = await take(queue, options);
    if (signal.aborted) await release(queue, messages.map(toReceiptHandle));
    else if (messages.length > 0) return messages;
    const leftMs = until - performance.now();
    if (leftMs <= 0) return [];
    await changedWithin(queue, leftMs, signal);
  }
  return [];
}

async function changedWithin(queue: QueueState, ms: number, caller: AbortSignal): Promise<void> {
  const done = new AbortController();
  const signal = AbortSignal.any([caller, done.signal]);
  const timeout = wait(ms, undefined, { signal }).catch(() => undefined);
  await Promise.race([queue.availability.changed(signal), timeout]);
  done.abort();
}

function wholeNumber(input: Input, name: string, from: number, to: number): number | undefined {
  const value = input[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) return value;
  throw invalidValue(value, name, `Must be between ${from} and ${to}, if provided`);
}

function toOutput(queue: QueueState, message: Message, input: Input): object {
  const { messageId, receiptHandle, body, attributes, messageAttributes } = toTakenMessage(queue, message);
  const system = choose(attributes, namesIn(input.MessageSystemAttributeNames, input.AttributeNames));
  const names = namesIn(input.MessageAttributeNames);
  const chosen = choose(messageAttributes, names);
  const stored = message.extras?.attributes;
  const digest = chosen && digestOfAttributes(stored && choose(stored, names));
  return {
    MessageId: messageId,
    ReceiptHandle: receiptHandle,
    MD5OfBody: digestOfBody(body),
    Body: body,
    ...(system === undefined ? {} : { Attributes: system }),
    ...(chosen === undefined ? {} : { MessageAttributes: chosen }),
    ...(digest === undefined ? {} : { MD5OfMessageAttributes: digest }),
  };
}

const namesIn = (...lists: readonly unknown[]): readonly string[] =>
  lists.flatMap((list) => (Array.isArray(list) ? list.map(String) : []));

/** Returns the entries with the given names. A name can be `All`, or end with `.*`. */
function choose<Value>(
  entries: Readonly<Record<string, Value>>,
  names: readonly string[],
): Readonly<Record<string, Value>> | undefined {
  if (names.length === 0) return undefined;
  const isChosen = (entry: string): boolean =>
    names.some(
      (name) => name === entry || name === 'All' || (name.endsWith('.*') && entry.startsWith(name.slice(0, -1))),
    );
  const chosen = Object.entries(entries).filter(([name]) => isChosen(name));
  return chosen.length === 0 ? undefined : Object.fromEntries(chosen);
}
