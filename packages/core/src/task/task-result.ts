/** The attempts of an application in the window of a task. */
export interface ApplicationAttempts {
  readonly applicationId: string;
  readonly uid?: string;
  readonly attempts: number;
}

/** The event types that the endpoints of an application ask for. */
export interface ApplicationSubscriptions {
  readonly applicationId: string;
  /** Named by at least one endpoint, sorted. */
  readonly eventTypes: readonly string[];
  /** Whether an endpoint gets all event types. */
  readonly hasCatchAll: boolean;
}

/** A part of the result of a task that counts or lists. The parts of one application follow each other. */
export type TaskResultEntry = ApplicationAttempts | ApplicationSubscriptions;

/** A result must fit into an answer of the API. In a Lambda function's answer each quote takes one more byte. */
export const maxResultBytes = 4_000_000;

/** The result by application: a large one is looked at in several slices, and each has stored what it found. */
export function joinEntries(entries: readonly TaskResultEntry[]): readonly TaskResultEntry[] {
  const joined: TaskResultEntry[] = [];
  for (const entry of entries) {
    const last = joined.at(-1);
    if (last?.applicationId === entry.applicationId) joined.splice(-1, 1, joinTwo(last, entry));
    else joined.push(entry);
  }
  return joined;
}

function joinTwo(one: TaskResultEntry, next: TaskResultEntry): TaskResultEntry {
  if ('attempts' in one && 'attempts' in next) return { ...next, attempts: one.attempts + next.attempts };
  if (!('eventTypes' in one && 'eventTypes' in next)) throw new RangeError('the entries are of different tasks');
  const eventTypes = [...one.eventTypes, ...next.eventTypes];
  return { ...next, eventTypes, hasCatchAll: one.hasCatchAll || next.hasCatchAll };
}
