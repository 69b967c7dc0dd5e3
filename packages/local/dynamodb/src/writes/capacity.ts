import type { CheckedRequest } from '../dynalite/checked-request.ts';
import { indexesOf, type Table } from '../schema/table.ts';
import type { Body } from '../values.ts';
import type { PlannedChange } from './plan-change.ts';

const writeUnitBytes = 1_024;
const readUnitBytes = 4_096;

/** Capacity units, by table or index. */
export interface Units {
  readonly table: number;
  readonly indexes: Readonly<Record<string, number>>;
}

const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / writeUnitBytes));

/** Returns the units of a read. An eventually consistent read costs half. */
export const readUnits = (bytes: number, isConsistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / readUnitBytes)) * (isConsistent ? 1 : 0.5);

/** Returns the units of a write: the larger of the item before and after, plus each index row that it changes. */
export const unitsOfChange = ({ tableBytes, indexBytes }: PlannedChange): Units => ({
  table: writeUnits(tableBytes()),
  indexes: Object.fromEntries(
    Object.entries(indexBytes()).map(([name, rows]) => [name, rows.reduce((sum, bytes) => sum + writeUnits(bytes), 0)]),
  ),
});

export function addUnits(all: readonly Units[]): Units {
  const indexes: Record<string, number> = {};
  for (const own of all)
    for (const [name, units] of Object.entries(own.indexes)) indexes[name] = (indexes[name] ?? 0) + units;
  return { table: all.reduce((sum, { table }) => sum + table, 0), indexes };
}

/** Doubles the units, because a transaction prepares and commits. */
export const doubled = ({ table, indexes }: Units): Units => ({
  table: table * 2,
  indexes: Object.fromEntries(Object.entries(indexes).map(([name, units]) => [name, units * 2])),
});

export const wantsCapacity = ({ ReturnConsumedCapacity: asked }: CheckedRequest): boolean =>
  asked === 'TOTAL' || asked === 'INDEXES';

/** Returns an entry of `ConsumedCapacity`, with the details that the request asks for. */
export function toConsumedCapacity(request: CheckedRequest, table: Table, units: Units, kind?: 'Read' | 'Write'): Body {
  const total = (own: number) => ({
    ...(kind === undefined ? {} : { [`${kind}CapacityUnits`]: own }),
    CapacityUnits: own,
  });
  const sum = Object.values(units.indexes).reduce((all, own) => all + own, units.table);
  const capacity = { TableName: table.description.TableName, ...total(sum) };
  if (request.ReturnConsumedCapacity !== 'INDEXES') return capacity;
  const byKind = (wanted: 'Local' | 'Global') => {
    const own = indexesOf(table).filter(({ kind: its, name }) => its === wanted && units.indexes[name] !== undefined);
    if (own.length === 0) return {};
    return {
      [`${wanted}SecondaryIndexes`]: Object.fromEntries(own.map(({ name }) => [name, total(units.indexes[name] ?? 0)])),
    };
  };
  return { ...capacity, Table: total(units.table), ...byKind('Local'), ...byKind('Global') };
}
