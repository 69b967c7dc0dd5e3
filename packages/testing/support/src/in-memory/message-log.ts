import {
  entriesBehind,
  isBehind,
  isSince,
  type LogBatch,
  type LogPosition,
  type MessageLogRepository,
  positionBefore,
  startOfLog,
} from '@posthorn/core';

/** A message log in a map. `batches` returns what is stored of an application, in the order of the last entries. */
export interface InMemoryMessageLog extends MessageLogRepository {
  batches(applicationId: string): readonly LogBatch[];
}

export function inMemoryMessageLog(): InMemoryMessageLog {
  const logs = new Map<string, Map<LogPosition, LogBatch>>();
  const batches = (applicationId: string) =>
    [...(logs.get(applicationId) ?? [])]
      .toSorted(([one], [other]) => (isBehind(one, other) ? 1 : -1))
      .map(([, batch]) => batch);
  const allEntries = (applicationId: string, behind: LogPosition) => {
    const lastOf = ({ entries }: LogBatch) => entries.at(-1)?.sequence ?? startOfLog;
    const later = batches(applicationId).filter((batch) => isBehind(lastOf(batch), behind));
    return entriesBehind(
      behind,
      later.flatMap(({ entries }) => entries),
    );
  };
  return {
    batches,
    append: async (applicationId, batch) => {
      const last = batch.entries.at(-1);
      if (last === undefined) throw new RangeError('a batch of the message log has no entries');
      logs.set(applicationId, new Map([...(logs.get(applicationId) ?? []), [last.sequence, batch]]));
    },
    read: async (applicationId, { behind, limit }) => {
      const entries = allEntries(applicationId, behind);
      return { entries: entries.slice(0, limit), done: entries.length <= limit };
    },
    findStart: async (applicationId, since) => {
      const entries = allEntries(applicationId, startOfLog);
      const found = entries.find((entry) => isSince(entry, since));
      return found ? positionBefore(found) : (entries.at(-1)?.sequence ?? startOfLog);
    },
  };
}
