import type {
  ReturnConsumedCapacity,
  ReturnValue,
  ReturnValuesOnConditionCheckFailure,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import type { Operation } from '../operation.ts';
import type { Table } from '../tables.ts';
import { writeCondition } from './condition.ts';
import { defect, type Pieces, type Rendered, render } from './expression.ts';
import { item, itemKey } from './items.ts';
import { merged } from './merged.ts';
import { update } from './update.ts';

export const capacity = fc.constantFrom<{ ReturnConsumedCapacity?: ReturnConsumedCapacity }>(
  {},
  { ReturnConsumedCapacity: 'TOTAL' },
  { ReturnConsumedCapacity: 'INDEXES' },
);

export const onFailure = fc.constantFrom<{ ReturnValuesOnConditionCheckFailure?: ReturnValuesOnConditionCheckFailure }>(
  {},
  { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
);

/** Values for ReturnValues: mostly the usual ones of the operation. */
const answers = (...usual: readonly ReturnValue[]): fc.Arbitrary<{ ReturnValues?: ReturnValue }> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant({}) },
    { weight: 4, arbitrary: fc.constantFrom(...usual).map((ReturnValues) => ({ ReturnValues })) },
    { weight: 1, arbitrary: fc.constant({ ReturnValues: 'ALL_OLD' as const }) },
  );

const rareAnswer = fc.oneof(
  { weight: 150, arbitrary: fc.constant<{ ReturnValues?: ReturnValue }>({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<ReturnValue>('ALL_NEW', 'UPDATED_OLD').map((ReturnValues) => ({ ReturnValues })),
  },
);

type Expressed<Name extends string> = { readonly [Each in Name]?: string } & Omit<Rendered, 'texts'>;

export const expressions = <Name extends string>(
  parts: Readonly<Record<Name, fc.Arbitrary<Pieces | undefined>>>,
): fc.Arbitrary<Expressed<Name>> =>
  fc.tuple(fc.record(parts), defect).map(([pieces, wrong]) => {
    const { texts, ...placeholders } = render(pieces, wrong);
    // Each expression belongs to the part with the same name.
    return { ...(texts as { [Each in Name]?: string }), ...placeholders };
  });

export function write(table: Table): fc.Arbitrary<Operation> {
  const TableName = table.name;
  const conditional = expressions({ ConditionExpression: writeCondition(table) });
  const put = fc
    .tuple(item(table), conditional, answers('NONE', 'ALL_OLD'), rareAnswer, capacity, onFailure)
    .map(([Item, ...rest]): Operation => ({ kind: 'PutItem', input: merged({ TableName, Item }, ...rest) }));
  const remove = fc
    .tuple(itemKey(table), conditional, answers('NONE', 'ALL_OLD'), rareAnswer, capacity, onFailure)
    .map(([Key, ...rest]): Operation => ({ kind: 'DeleteItem', input: merged({ TableName, Key }, ...rest) }));
  const change = fc
    .tuple(
      itemKey(table),
      expressions({ UpdateExpression: update(table), ConditionExpression: writeCondition(table) }),
      answers('ALL_NEW', 'UPDATED_NEW', 'UPDATED_OLD'),
      capacity,
      onFailure,
    )
    .map(([Key, ...rest]): Operation => ({ kind: 'UpdateItem', input: merged({ TableName, Key }, ...rest) }));
  const touch = fc
    .tuple(itemKey(table), answers('ALL_NEW'), capacity)
    .map(([Key, ...rest]): Operation => ({ kind: 'UpdateItem', input: merged({ TableName, Key }, ...rest) }));
  return fc.oneof(
    { weight: 6, arbitrary: put },
    { weight: 7, arbitrary: change },
    { weight: 2, arbitrary: remove },
    { weight: 1, arbitrary: touch },
  );
}
