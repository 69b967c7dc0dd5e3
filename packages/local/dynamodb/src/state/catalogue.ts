import type { Change, Range, Storage } from '@posthorn/local-storage';
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
  /**
   * Saves the change, and writes `rest` in the same commit. If that is refused, the tables and streams are as they were.
   */
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
  const read = async (): Promise<void> => {
    const found = {
      tables: await parseAll<Table>(storage, ranges.tables),
      streams: await parseAll<Stream>(storage, ranges.streams),
    };
    tables.clear();
    streams.clear();
    for (const table of found.tables) tables.set(table.description.TableName, table);
    for (const stream of found.streams) streams.set(stream.id, stream);
  };
  await read();
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
    async save({ table, removedTable, stream, removedStream }, rest = []) {
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
      try {
        await storage.commit(changes, { essential: true });
      } catch (error) {
        await read();
        throw error;
      }
    },
  };
}

async function parseAll<Row>(storage: Storage, range: Range): Promise<readonly Row[]> {
  const all: Row[] = [];
  for await (const rows of storage.rows(range)) all.push(...rows.map(([, text]) => JSON.parse(text) as Row));
  return all;
}
