import type { Change, Storage } from '@posthorn/local-storage';
import { resourceNotFound } from '../failure.ts';
import { keys, ranges, toId } from '../level/keys.ts';
import type { Table } from '../schema/table.ts';
import type { Stream } from '../streams/stream.ts';

/** All tables and streams. They are stored, and cached in memory. */
export interface Catalogue {
  find(tableName: string): Table | undefined;
  /** @throws ResourceNotFoundException with the message of requests about items */
  get(tableName: unknown): Table;
  /** Returns the tables in the order of their names. */
  tables(): readonly Table[];
  streams(): readonly Stream[];
  findStream(id: string | undefined): Stream | undefined;
  findStreamByArn(arn: unknown): Stream | undefined;
  newId(): string;
  /** Saves the change, and writes `rest` in the same commit. */
  save(change: CatalogueChange, rest?: readonly Change[]): Promise<void>;
}

export interface CatalogueChange {
  readonly table?: Table;
  readonly removedTable?: string;
  readonly stream?: Stream;
  readonly removedStream?: string;
}

export async function loadCatalogue(storage: Storage): Promise<Catalogue> {
  const tables = new Map<string, Table>();
  const streams = new Map<string, Stream>();
  // Only `save` writes these rows.
  for await (const rows of storage.rows(ranges.tables))
    for (const [, text] of rows) {
      const table = JSON.parse(text) as Table;
      tables.set(table.description.TableName, table);
    }
  for await (const rows of storage.rows(ranges.streams))
    for (const [, text] of rows) {
      const stream = JSON.parse(text) as Stream;
      streams.set(stream.id, stream);
    }
  let lastId = Number(storage.get(keys.lastId) ?? 0);

  return {
    find: (name) => tables.get(name),
    get(name) {
      const table = tables.get(String(name));
      if (!table) throw resourceNotFound('Requested resource not found');
      return table;
    },
    tables: () => [...tables.keys()].sort().flatMap((name) => tables.get(name) ?? []),
    streams: () => [...streams.values()].sort((one, other) => (one.arn < other.arn ? -1 : 1)),
    findStream: (id) => (id === undefined ? undefined : streams.get(id)),
    findStreamByArn: (arn) => [...streams.values()].find((stream) => stream.arn === arn),
    newId() {
      lastId += 1;
      return toId(lastId);
    },
    save({ table, removedTable, stream, removedStream }, rest = []) {
      const changes: Change[] = [{ type: 'put', key: keys.lastId, value: String(lastId) }, ...rest];
      if (table) {
        tables.set(table.description.TableName, table);
        changes.push({ type: 'put', key: keys.table(table.description.TableName), value: JSON.stringify(table) });
      }
      if (removedTable !== undefined) {
        tables.delete(removedTable);
        changes.push({ type: 'del', key: keys.table(removedTable) });
      }
      if (stream) {
        streams.set(stream.id, stream);
        changes.push({ type: 'put', key: keys.stream(stream.id), value: JSON.stringify(stream) });
      }
      if (removedStream !== undefined) {
        streams.delete(removedStream);
        changes.push({ type: 'del', key: keys.stream(removedStream) });
      }
      return storage.commit(changes);
    },
  };
}
