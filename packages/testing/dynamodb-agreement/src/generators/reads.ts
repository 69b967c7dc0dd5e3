import fc from 'fast-check';
import type { Operation } from '../operation.ts';
import type { Index, Key, Table } from '../tables.ts';
import { condition } from './condition.ts';
import { join, type Pieces } from './expression.ts';
import { itemKey } from './items.ts';
import { merged } from './merged.ts';
import { projection } from './projection.ts';
import { badKeyValue, hashValue, keyValue } from './values.ts';
import { capacity, expressions } from './writes.ts';

const maybe = <T>(arbitrary: fc.Arbitrary<T>, absent = 2): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: absent, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const limit = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }).map((Limit) => ({ Limit })) },
);
const direction = fc.constantFrom({}, { ScanIndexForward: false }, { ScanIndexForward: true });
const count = fc.oneof(
  { weight: 20, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ Select: 'COUNT' as const }) },
);

const source = (table: Table): fc.Arbitrary<Table | Index> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(table) }, { weight: 3, arbitrary: fc.constantFrom(...table.indexes) });

const indexName = (from: Table | Index) => ('kind' in from ? { IndexName: from.name } : {});

export function query(table: Table): fc.Arbitrary<Operation> {
  return source(table).chain((from) =>
    fc
      .tuple(
        expressions({
          KeyConditionExpression: keyCondition(from),
          FilterExpression: maybe(condition(table)),
          ProjectionExpression: projection(table),
        }),
        limit,
        direction,
        count,
        capacity,
        consistent,
      )
      .map(
        (parts): Operation => ({
          kind: 'Query',
          input: merged({ TableName: table.name, ...indexName(from) }, ...parts),
        }),
      ),
  );
}

const consistent = fc.oneof(
  { weight: 9, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ ConsistentRead: true }) },
);

function keyCondition({ hash, range }: Table | Index): fc.Arbitrary<Pieces> {
  const fixed = fc.oneof({ weight: 100, arbitrary: hashOf(hash) }, { weight: 1, arbitrary: badKeyValue(hash) });
  const first = fixed.map((value) => join({ name: hash.name }, ' = ', { value }));
  const good =
    range === undefined
      ? first
      : fc
          .tuple(first, maybe(rangeCondition(range), 1))
          .map(([one, two]) => (two === undefined ? one : join(one, ' AND ', two)));
  const wrong = fc.oneof(
    fixed.map((value) => join({ name: hash.name }, ' > ', { value })),
    fixed.map((value) => join('NOT ', { name: hash.name }, ' = ', { value })),
    fixed.map((value) => join({ name: hash.name }, ' = ', { value }, ' OR a = ', { value })),
    fixed.map((value) => join({ name: hash.name }, ' = ', { value }, ' AND a = ', { value })),
    fixed.map((value) => join({ name: hash.name }, ' = ', { value }, ' AND a <> ', { value })),
    fixed.map((value) => join({ name: hash.name }, ' IN (', { value }, ')')),
    fixed.map((value) => join('a = ', { value })),
    fixed.map((value) => join({ name: hash.name }, ' = ', { value }, ' AND attribute_exists(a)')),
    fixed.map((value) => join({ name: hash.name }, ' = ', { value }, ' AND ', { name: hash.name }, ' = ', { value })),
    fc.constant<Pieces>(['']),
  );
  return fc.oneof({ weight: 60, arbitrary: good }, { weight: 1, arbitrary: wrong });
}

// The hash key of an index can be any of the tricky values, that of a table is one of two values.
const hashOf = (hash: Key) =>
  fc.oneof({ weight: 2, arbitrary: hashValue(hash) }, { weight: 1, arbitrary: keyValue(hash) });

function rangeCondition(range: Key): fc.Arbitrary<Pieces> {
  const name = { name: range.name };
  const value = fc.oneof({ weight: 80, arbitrary: keyValue(range) }, { weight: 1, arbitrary: badKeyValue(range) });
  const compared = fc
    .tuple(fc.constantFrom('=', '<', '<=', '>', '>='), value)
    .map(([sign, to]) => join(name, ` ${sign} `, { value: to }));
  const between = fc
    .tuple(value, value)
    .map(([low, high]) => join(name, ' BETWEEN ', { value: low }, ' AND ', { value: high }));
  const beginning = value.map((start) => join('begins_with(', name, ', ', { value: start }, ')'));
  return fc.oneof(compared, between, beginning);
}

export function scan(table: Table): fc.Arbitrary<Operation> {
  return source(table).chain((from) =>
    fc
      .tuple(
        expressions({ FilterExpression: maybe(condition(table), 1), ProjectionExpression: projection(table) }),
        limit,
        count,
        capacity,
        fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 4 }) }),
      )
      .map(
        ([expressed, limited, counted, measured, segments]): Operation => ({
          kind: 'Scan',
          segments,
          input: { TableName: table.name, ...indexName(from), ...expressed, ...limited, ...counted, ...measured },
        }),
      ),
  );
}

export function get(table: Table): fc.Arbitrary<Operation> {
  return fc.tuple(itemKey(table), expressions({ ProjectionExpression: projection(table) }), capacity, consistent).map(
    ([Key, ...rest]): Operation => ({
      kind: 'GetItem',
      input: merged({ TableName: table.name, Key }, ...rest),
    }),
  );
}
