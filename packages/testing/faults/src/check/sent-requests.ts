import { type Event, ofKind, type RecordPut, type Sent, type WorkBegan } from '../history/event.ts';
import { keyOf } from './delivery.ts';

/** A request that a worker began, and what it did next for the same delivery: nothing if it came to nothing more. */
export interface SentRequest {
  readonly sent: Sent;
  readonly then?: Sent | RecordPut;
}

/** What one worker did. */
export interface Work {
  readonly jobs: WorkBegan['jobs'];
  readonly beganAt: number;
  /** Absent if its process died, or if it goes on. */
  readonly endedAt?: number;
}

export interface WorkIndex {
  find(work: string): Work | undefined;
  /** The requests that were begun for a delivery, in their order. */
  sentOf(path: string, delivery: string): readonly SentRequest[];
  /** Whether another worker, which had a copy of the same job at the same time, put the record of the same attempt. */
  hasRival(put: RecordPut, own: Work): boolean;
}

export function indexWork(history: readonly Event[]): WorkIndex {
  const ends = new Map(ofKind(history, 'work-ended').map(({ work, at }) => [work, at]));
  const works = new Map(
    ofKind(history, 'work-began').map(({ work, jobs, at: beganAt }): [string, Work] => {
      const endedAt = ends.get(work);
      return [work, { jobs, beganAt, ...(endedAt !== undefined && { endedAt }) }];
    }),
  );
  const sent = Map.groupBy(ofKind(history, 'sent'), ({ path, messageId }) => keyOf(path, messageId));
  const puts = Map.groupBy(ofKind(history, 'record-put'), ({ endpointId, messageId }) => keyOf(endpointId, messageId));
  return {
    find: (work) => works.get(work),
    sentOf(path, delivery) {
      const messageId = delivery.slice(delivery.indexOf(' ') + 1);
      const begun = sent.get(keyOf(path, messageId)) ?? [];
      const steps = [...begun, ...(puts.get(delivery) ?? [])].toSorted((one, other) => one.at - other.at);
      return begun.map((one) => {
        const then = steps.slice(steps.indexOf(one) + 1).find(({ work }) => work === one.work);
        return { sent: one, ...(then && { then }) };
      });
    },
    hasRival({ endpointId, messageId, attemptId, work }, own) {
      const others = (puts.get(keyOf(endpointId, messageId)) ?? []).filter(
        (other) => other.work !== work && other.attemptId === attemptId,
      );
      return others.some((other) => {
        const rival = works.get(other.work);
        return rival !== undefined && overlap(own, rival) && shareJob(own, rival);
      });
    },
  };
}

const endOf = ({ endedAt = Number.POSITIVE_INFINITY }: Work): number => endedAt;

const overlap = (one: Work, other: Work): boolean => one.beganAt <= endOf(other) && other.beganAt <= endOf(one);

/**
 * Copies of a job have the same text. Only the queue, which hands a job out again, keeps its id. Copies that a throttle has
 * put off have a slot each: they are jobs of the same attempt.
 */
const shareJob = (one: Work, other: Work): boolean =>
  one.jobs.some((own) => other.jobs.some((job) => job.text === own.text || areOfOneAttempt(own, job)));

const areOfOneAttempt = (one: Work['jobs'][number], other: Work['jobs'][number]): boolean =>
  one.messageId !== undefined &&
  one.messageId === other.messageId &&
  one.endpointId === other.endpointId &&
  one.attemptNumber === other.attemptNumber;
