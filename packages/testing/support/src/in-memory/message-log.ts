import {
  entriesBehind,
  isSince,
  type LogBatch,
  type LogEntry,
  type LogPosition,
  type MessageLogRepository,
  mayBeRepeated,
  placeBehind,
  positionBefore,
  recentRows,
  startOfLog,
} from '@posthorn/core';

/** A message log in a map. `batches` returns what is stored of an application, batch by batch. */
export interface InMemoryMessageLog extends MessageLogRepository {
  batches(applicationId: string): readonly LogBatch[];
}

export function inMemoryMessageLog(): InMemoryMessageLog {
  const logs = new Map<string, readonly LogBatch[]>();
  const batches = (applicationId: string) => logs.get(applicationId) ?? [];
  const allEntries = (applicationId: string, behind: LogPosition) =>
    entriesBehind(
      behind,
      batches(applicationId).flatMap(({ entries }) => entries),
    );
  const newEntries = (applicationId: string, entries: readonly LogEntry[]) => {
    const recent = batches(applicationId).slice(-recentRows);
    const end = recent.at(-1)?.entries.at(-1)?.sequence ?? startOfLog;
    const ids = new Set(recent.flatMap((batch) => batch.entries.map(({ messageId }) => messageId)));
    const isNew = ({ messageId }: LogEntry) => !mayBeRepeated(end, entries) || !ids.has(messageId);
    return placeBehind(end, entries.filter(isNew));
  };
  return {
    batches,
    append: async (applicationId, batch) => {
      if (batch.entries.length === 0) throw new RangeError('a batch of the message log has no entries');
      const entries = newEntries(applicationId, batch.entries);
      if (entries.length > 0) logs.set(applicationId, [...batches(applicationId), { ...batch, entries }]);
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
    findEnd: async (applicationId) => allEntries(applicationId, startOfLog).at(-1)?.sequence ?? startOfLog,
  };
}
