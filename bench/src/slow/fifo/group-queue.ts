import type { ThrottleSlot } from '@posthorn/core';
import type { SimulatedEndpoint } from '../job.ts';

/** A delivery to a destination. */
export interface OrderedDelivery {
  readonly group: string;
  readonly application: string;
  readonly endpoint: SimulatedEndpoint;
  /** When the message was accepted, in milliseconds since the start. */
  readonly acceptedAt: number;
  readonly attemptNumber: number;
  /** The turn that it has at a slow destination. Its time is in milliseconds since the start. */
  readonly slot?: ThrottleSlot & { readonly at: number };
}

/** A job of the FIFO queue: a delivery, or the wake of its group. */
export type OrderedJob =
  | { readonly kind: 'delivery'; readonly group: string; readonly delivery: OrderedDelivery }
  | { readonly kind: 'wake'; readonly group: string };

interface Group {
  readonly name: string;
  readonly jobs: { readonly job: OrderedJob; readonly number: number }[];
  inFlight: boolean;
}

/** A FIFO queue: it hands out the oldest jobs of groups that have none in flight. */
export function createGroupQueue() {
  const groups = new Map<string, Group>();
  /** Groups with jobs that can be handed out, by the number of their first one. */
  const ready: Group[] = [];
  let sent = 0;

  const firstOf = ({ jobs }: Group): number => jobs[0]?.number ?? 0;
  const addReady = (group: Group): void => {
    let [low, high] = [0, ready.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = ready[middle];
      if (other !== undefined && firstOf(other) < firstOf(group)) low = middle + 1;
      else high = middle;
    }
    ready.splice(low, 0, group);
  };
  return {
    send(job: OrderedJob): void {
      const group = groups.get(job.group) ?? { name: job.group, jobs: [], inFlight: false };
      groups.set(job.group, group);
      sent += 1;
      group.jobs.push({ job, number: sent });
      if (!group.inFlight && group.jobs.length === 1) addReady(group);
    },
    hasJobs: (): boolean => ready.length > 0,
    /** At most `limit` jobs, several of a group if it has them. Their groups are in flight until they are freed. */
    take(limit: number): readonly (readonly OrderedJob[])[] {
      const taken: OrderedJob[][] = [];
      let left = limit;
      for (let group = ready[0]; left > 0 && group !== undefined; group = ready[0]) {
        ready.shift();
        group.inFlight = true;
        const jobs = group.jobs.splice(0, left).map(({ job }) => job);
        left -= jobs.length;
        taken.push(jobs);
      }
      return taken;
    },
    /** A group's jobs are done. Those in `again` come back, in their order. */
    free(name: string, again: readonly OrderedJob[]): void {
      const group = groups.get(name);
      if (!group) return;
      group.jobs.unshift(...again.map((job) => ({ job, number: 0 })));
      group.inFlight = false;
      if (group.jobs.length > 0) addReady(group);
      else groups.delete(name);
    },
  };
}
