import { randomUUID } from 'node:crypto';
import type { Change } from '@posthorn/local-storage';
import { keys } from '../rows/keys.ts';
import { type Message, type MessageExtras, toRow } from '../rows/message-row.ts';
import { findSent, rememberSent, type Sent } from './deduplication.ts';
import { commitPlans, countersOf, messageKey, type Plan, type QueueState } from './state.ts';

export interface NewMessage {
  /** Empty if the message has no group. */
  readonly group: string;
  readonly body: string;
  readonly deduplicationId?: string;
  readonly attributes?: NonNullable<MessageExtras['attributes']>;
  /** The queue's delay if absent. */
  readonly delaySeconds?: number;
}

/** Stores messages in one atomic commit. Resolves when they are durable. */
export async function send(queue: QueueState, messages: readonly NewMessage[]): Promise<readonly Sent[]> {
  // Otherwise commits of this moment that are written would count these messages.
  const state = queue.storage.state();
  if (!state.writable) throw new Error(state.reason);
  const now = queue.now();
  const changes: Change[] = [];
  const ready: Message[] = [];
  const delayed: { message: Message; due: number }[] = [];
  const inThisCommit = new Map<string, Sent>();
  const results = messages.map((message) => {
    const { deduplicationId } = message;
    if (deduplicationId !== undefined) {
      const before = inThisCommit.get(deduplicationId) ?? findSent(queue, deduplicationId, now);
      if (before !== undefined) return before;
    }
    const stored = toStored(queue, message, now);
    const sent = { id: stored.id, sequence: stored.sequence };
    if (deduplicationId !== undefined) {
      inThisCommit.set(deduplicationId, sent);
      changes.push(rememberSent(queue, deduplicationId, sent, now));
    }
    const due = dueTime(queue, message, now);
    if (due === undefined) ready.push(stored);
    else delayed.push({ message: stored, due });
    return sent;
  });
  const plan = joinPlans(planReady(queue, ready), planDelayed(queue, delayed));
  await commitPlans(queue.storage, [{ ...plan, changes: [...changes, ...plan.changes] }]);
  return results;
}

const toStored = (queue: QueueState, message: NewMessage, sentAt: number): Message => {
  const { group, body, deduplicationId, attributes } = message;
  queue.counters.sequence += 1;
  const extras = {
    ...(deduplicationId === undefined ? {} : { deduplicationId }),
    ...(attributes === undefined ? {} : { attributes }),
  };
  return {
    id: randomUUID(),
    group,
    sequence: queue.counters.sequence,
    sentAt,
    receives: 0,
    body,
    ...(deduplicationId === undefined && attributes === undefined ? {} : { extras }),
  };
};

/** Returns when a message may be taken, or nothing if at once. On a FIFO queue no message is due before an earlier one. */
function dueTime(queue: QueueState, { delaySeconds }: NewMessage, now: number): number | undefined {
  const delay = (delaySeconds ?? queue.definition.delaySeconds ?? 0) * 1_000;
  if (!queue.fifo) return delay > 0 ? now + delay : undefined;
  if (delay === 0 && queue.counters.delayed === 0) return undefined;
  queue.lastDue = Math.max(now + delay, queue.lastDue);
  return queue.lastDue;
}

const joinPlans = (...plans: readonly Plan[]): Plan => ({
  changes: plans.flatMap(({ changes }) => changes),
  done: () => {
    for (const { done } of plans) done();
  },
  failed: () => {
    for (const { failed } of plans) failed();
  },
});

/** Plans to store messages that may be taken. */
export function planReady(queue: QueueState, messages: readonly Message[]): Plan {
  if (messages.length === 0) return nothing;
  queue.counters.messages += messages.length;
  return {
    changes: [
      ...messages.map((message): Change => ({ type: 'put', key: messageKey(queue, message), value: toRow(message) })),
      countersOf(queue),
    ],
    done: () => {
      for (const message of messages) queue.window.arrived(message);
      queue.availability.signal();
    },
    failed: () => {
      queue.counters.messages -= messages.length;
    },
  };
}

function planDelayed(queue: QueueState, messages: readonly { message: Message; due: number }[]): Plan {
  if (messages.length === 0) return nothing;
  queue.counters.delayed += messages.length;
  return {
    changes: [
      ...messages.map(
        ({ message, due }): Change => ({
          type: 'put',
          key: keys.delayed(queue.id, due, message.group, message.sequence),
          value: toRow(message),
        }),
      ),
      countersOf(queue),
    ],
    done: () => {
      const first = Math.min(...messages.map(({ due }) => due));
      if (queue.nextDue !== undefined && queue.nextDue <= first) return;
      queue.nextDue = first;
      // Only if the clock went back, or this commit took longer than the delay.
      if (keys.delayed(queue.id, first, '', 0) < queue.movedTo) queue.movedTo = '';
      queue.schedule();
    },
    failed: () => {
      queue.counters.delayed -= messages.length;
    },
  };
}

const nothing: Plan = { changes: [], done: () => undefined, failed: () => undefined };
