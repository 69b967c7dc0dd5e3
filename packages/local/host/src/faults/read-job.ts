import { hash } from 'node:crypto';
import type { JournalJob } from './journal.ts';

const digestLength = 16;

/** A record of an event, if it is one of a queue. */
interface QueueRecord {
  readonly messageId?: string;
  readonly body?: string;
  readonly attributes?: { readonly MessageGroupId?: string };
}

/** The jobs in an event of a queue. Other events have none. */
export function readJobs(event: object): readonly JournalJob[] {
  const { Records: records = [] }: { readonly Records?: readonly QueueRecord[] } = event;
  return records.flatMap(({ messageId: id = '', body, attributes }) => {
    if (body === undefined) return [];
    const group = attributes?.MessageGroupId;
    const text = hash('sha256', body, 'hex').slice(0, digestLength);
    return { id, text, ...(group !== undefined && { group }), ...readJob(body) };
  });
}

/** What the text of a job says that it is about. Nothing if it is no job. */
export function readJob(body: string): Pick<JournalJob, 'endpointId' | 'messageId' | 'attemptNumber'> {
  let job: unknown;
  try {
    job = JSON.parse(body);
  } catch {
    // It is set aside by its worker.
    return {};
  }
  const { endpointId, messageId, attemptNumber } = (job ?? {}) as Readonly<Record<string, unknown>>;
  return {
    ...(typeof endpointId === 'string' && { endpointId }),
    ...(typeof messageId === 'string' && { messageId }),
    ...(typeof attemptNumber === 'number' && { attemptNumber }),
  };
}
