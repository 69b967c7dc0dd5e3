import { parseJob, parseTaskJob, type Queue, toTaskJob } from '@posthorn/contracts';
import { skipReasons } from '@posthorn/core';
import type { DeadLetterEntry } from './dead-letters.ts';

/** The queues that nothing works on. */
export const deadLetterQueues = [
  'deliveries-dead-letters',
  'deliveries-dead-letters.fifo',
  'tasks-dead-letters',
  'stream-failures',
] as const satisfies readonly Queue[];

/**
 * What becomes of an entry in a redrive, and the ids of what it is about. `body`: what replaces the entry's own text when it
 * moves.
 */
export type RedrivePlan = { readonly ids: Readonly<Record<string, string | number>> } & (
  | { readonly kind: 'moves'; readonly to: Queue; readonly note?: string; readonly body?: string }
  /** A notice of records of a table's stream: they are run again. */
  | { readonly kind: 'runs' }
  | { readonly kind: 'stays'; readonly why: string }
);

/** The reasons with which a group of a destination goes on without a delivery. */
const endedReasons: ReadonlySet<string | undefined> = new Set(Object.values(skipReasons));

const behindOthers = 'it comes behind all that its group has got since, so it is out of order if that was delivered';

/** Decides where an entry goes. Only jobs go anywhere, and records are run. */
export function planRedrive({ queue, body, reason }: Pick<DeadLetterEntry, 'queue' | 'body' | 'reason'>): RedrivePlan {
  switch (queue) {
    case 'deliveries-dead-letters':
      return planJob(body, 'deliveries');
    case 'deliveries-dead-letters.fifo': {
      const plan = planJob(body, 'deliveries.fifo');
      if (plan.kind !== 'moves') return plan;
      if (!endedReasons.has(reason)) return 'messageId' in plan.ids ? { ...plan, note: behindOthers } : plan;
      return { kind: 'stays', ids: plan.ids, why: 'it would come back: resend the message, or recover the endpoint' };
    }
    case 'tasks-dead-letters': {
      const parsed = parseTaskJob(body);
      if (parsed.kind === 'refused') return { kind: 'stays', ids: {}, why: parsed.reason };
      const { applicationId, endpointId, taskId, slice } = parsed.job;
      const ids = {
        ...(applicationId !== undefined && { applicationId }),
        taskId,
        slice,
        ...(endpointId !== undefined && { endpointId }),
      };
      // Earlier versions have set slices aside without the mark.
      return { kind: 'moves', to: 'tasks', ids, body: toTaskJob({ ...parsed.job, resumes: true }) };
    }
    default:
      return { kind: 'runs', ids: idsOfRecord(body) };
  }
}

function planJob(body: string, to: Queue): RedrivePlan {
  const parsed = parseJob(body);
  switch (parsed.kind) {
    case 'refused':
      return { kind: 'stays', ids: {}, why: parsed.reason };
    case 'delivery': {
      const { applicationId, endpointId, messageId, attemptNumber } = parsed.delivery;
      return { kind: 'moves', to, ids: { applicationId, endpointId, messageId, attemptNumber } };
    }
    case 'sweep': {
      const { applicationId, endpointId } = parsed.sweep;
      return { kind: 'moves', to, ids: { applicationId, endpointId } };
    }
    case 'command': {
      const { applicationId, endpointId, head: messageId } = parsed.command;
      return { kind: 'moves', to, ids: { applicationId, endpointId, messageId } };
    }
    case 'wake': {
      const { applicationId, endpointId, epoch } = parsed.wake;
      return { kind: 'moves', to, ids: { applicationId, endpointId, epoch } };
    }
  }
}

/** The place of a stream record that a trigger set aside. Lambda's own notices name shards. */
function idsOfRecord(body: string): Readonly<Record<string, string>> {
  try {
    const notice: unknown = JSON.parse(body);
    if (typeof notice !== 'object' || notice === null || !('table' in notice)) return {};
    const { table, key } = notice as { readonly table: unknown; readonly key?: unknown };
    return { table: String(table), key: JSON.stringify(key ?? {}) };
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
