import type { Exchange } from './counting-proxy.ts';

/** Capacity units and requests of one kind, added up. */
export interface Units {
  readonly writes: number;
  readonly reads: number;
}

interface Consumed {
  readonly TableName?: string;
  readonly CapacityUnits?: number;
  readonly Table?: { readonly CapacityUnits?: number };
  readonly GlobalSecondaryIndexes?: Readonly<Record<string, { readonly CapacityUnits?: number }>>;
}

const writeActions: ReadonlySet<string> = new Set([
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'TransactWriteItems',
]);
const readActions: ReadonlySet<string> = new Set(['GetItem', 'BatchGetItem', 'Query', 'TransactGetItems']);

export const isWrite = (action: string): boolean => writeActions.has(action);

/** Adds to the request that consumed capacity is returned by table and index, if the action supports it. */
export const askForCapacity = (action: string, body: Record<string, unknown>): Record<string, unknown> =>
  isWrite(action) || readActions.has(action) ? { ...body, ReturnConsumedCapacity: 'INDEXES' } : body;

/** Units by table or `table/index`, as DynamoDB's own ConsumedCapacity reports them. */
export function addUnits(sums: ReadonlyMap<string, Units>, { action, answer }: Exchange): ReadonlyMap<string, Units> {
  const { ConsumedCapacity = [] } = (answer ?? {}) as { ConsumedCapacity?: Consumed | readonly Consumed[] };
  const next = new Map(sums);
  const add = (name: string, units: number) => {
    const { writes, reads } = next.get(name) ?? { writes: 0, reads: 0 };
    next.set(name, isWrite(action) ? { writes: writes + units, reads } : { writes, reads: reads + units });
  };
  for (const consumed of [ConsumedCapacity].flat() as readonly Consumed[]) {
    const indexes = Object.entries(consumed.GlobalSecondaryIndexes ?? {});
    const ofIndexes = indexes.reduce((sum, [, { CapacityUnits = 0 }]) => sum + CapacityUnits, 0);
    add(consumed.TableName ?? '', consumed.Table?.CapacityUnits ?? (consumed.CapacityUnits ?? 0) - ofIndexes);
    for (const [index, { CapacityUnits = 0 }] of indexes) add(`${consumed.TableName}/${index}`, CapacityUnits);
  }
  return next;
}
