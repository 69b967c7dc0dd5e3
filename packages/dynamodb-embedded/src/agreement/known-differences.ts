import { freeAttributes } from './generators/paths.ts';
import { type Answer, type Plain, sorted } from './normalise.ts';
import type { Operation } from './operation.ts';
import { isObject, mapObjects, type PlainObject, refusalOf, withCapacity } from './plain.ts';
import { keysOf, tables, typedAttributes } from './tables.ts';

/**
 * Where DynamoDB Local does otherwise than AWS documents, and the embedded store does as AWS. Each rule takes one such
 * difference out of DynamoDB Local's answer, and nothing else. README.md lists them for users, with the reasons.
 */
export interface Pair {
  readonly operation: Operation;
  readonly embedded: Answer;
  readonly local: Answer;
}

type Rule = (pair: Pair) => Answer;

/**
 * Whether DynamoDB Local did what AWS refuses: a known difference too, but from here on the two hold other items, so the
 * sequence ends.
 */
export function haveParted({ embedded, local }: Pair): boolean {
  const ours = refusalOf(embedded);
  return ours !== undefined && 'output' in local && refusedByAwsAlone.some((words) => words.test(String(ours.message)));
}

const refusedByAwsAlone = [
  // A number, string or bytes in an index key of another of these types, by an update.
  /Type mismatch for Index Key/,
  // One number written in two ways, as the key of two writes.
  /^Transaction request cannot include multiple operations on one item$/,
  // The reserved word SIZE as an attribute's name.
  /reserved keyword: size$/,
];

/** DynamoDB Local's answer as AWS would have given it, as far as the known differences go. */
export const asAws = (pair: Pair): Answer => rules.reduce((local, rule) => rule({ ...pair, local }), pair.local);

/** Numbers in lists, maps and sets are kept as they were written ("1.0", "1E+3"); AWS keeps one form of each. */
const canonicalNumbers: Rule = ({ local }) => mapAnswer(local, withCanonicalNumbers);

export const withCanonicalNumbers = (plain: Plain): Plain =>
  mapObjects(plain, ({ N, NS, ...rest }) => ({
    ...rest,
    ...(typeof N === 'string' ? { N: canonical(N) } : {}),
    ...(Array.isArray(NS) ? { NS: sorted(NS.map((number) => canonical(String(number)))) } : {}),
  }));

/** An error of DynamoDB Local, AWS's for the same request,. */
type Words = readonly [theirs: RegExp, ours: RegExp];

const indexKeyType = /Type mismatch for Index Key/;
const overlap = /^(.* Two document paths (?:overlap|conflict) with each other; .*; path one: ).*$/;

/** The same fault in other words. */
const otherWords: readonly Words[] = [
  [/DynamoDB only supports precision up to 38 digits/, /more than 38 significant digits/],
  [/A value provided cannot be converted into a number/, /cannot be converted to a numeric value/],
  [/^Consistent read cannot be true when querying a GSI$/, /^Consistent reads are not supported on global/],
  [/^Return values set to invalid value$/, /^ReturnValues can only be ALL_OLD or NONE$/],
  // The parser of dynalite says what it expected, not what is near.
  [/^Invalid \w+: Syntax error; token: /, /^Invalid \w+: Syntax error; /],
  // It names any other path of the expression as the second.
  [overlap, overlap],
  // It shows bytes and collections as Java does, and lists types that AWS does not have.
  [/The BETWEEN operator requires /, /The BETWEEN operator requires /],
  [/: attribute_type, operand type: \{/, /: attribute_type, operand type: \{/],
  // Not which key it is about.
  [/^One of the required keys was not given a value$/, /Missing the key|key element does not match the schema/],
  [/^The number of conditions on the keys is invalid$/, /key element does not match the schema/],
  [/: Type mismatch for key$/, /Type mismatch for key|key element does not match the schema/],
  [/: Type mismatch for Index Key$|^Invalid attribute value type$/, indexKeyType],
  [
    /^.*Condition parameter type does not match schema type$/,
    /ComparisonOperator \w+ is not valid for \w+ AttributeValue type$/,
  ],
  [/Input collection of type BS contains duplicates/, /Input collection \[.*\]of type BS contains duplicates/],
  // The SDK does not find the message in its answer.
  [/^UnknownError$/, /^The provided client token is already in use/],
];

/** Two faults in one request, of which each store names another one. */
const otherOrder: readonly Words[] = [
  // Index keys of an update are checked with its result.
  [
    /attribute that does not exist|document path provided|conditional request failed|operand in the update/,
    indexKeyType,
  ],
  [/operator or function: BETWEEN, operand type/, /The BETWEEN operator requires same data type/],
  [/cannot contain an empty (string|binary) value/, /^Invalid \w+Expression: /],
  [/contains duplicates$/, /key element does not match the schema/],
  [/^One of the required keys was not given a value$/, /contains duplicates$/],
];

/** Of an update's faults, each store names another one first. */
const updateFault = /attribute that does not exist|document path provided|operand in the update/;
const hasSeveralActions = /,|\b(SET|REMOVE|ADD|DELETE)\b.*\b(SET|REMOVE|ADD|DELETE)\b/;

const sameFault: Rule = ({ operation, embedded, local }) => {
  const [ours, theirs] = [refusalOf(embedded), refusalOf(local)];
  if (ours === undefined || theirs === undefined) return local;
  const [our, their] = [String(ours.message), String(theirs.message)];
  const fits = ([theirWords, ourWords]: Words) => theirWords.test(their) && ourWords.test(our);
  if (ours.name === theirs.name && otherWords.some(fits)) return { refusal: { ...theirs, message: our } };
  if (operation.kind === 'UpdateItem' && hasSeveralActions.test(operation.input.UpdateExpression ?? ''))
    if (updateFault.test(our) && updateFault.test(their)) return embedded;
  return otherOrder.some(fits) ? embedded : local;
};

/** A ConditionCheck's reason ends with a full stop there. */
const noFullStop: Rule = ({ local }) =>
  mapAnswer(local, (plain) =>
    mapObjects(plain, (object) =>
      object.Message === 'The conditional request failed.'
        ? { ...object, Message: 'The conditional request failed' }
        : object,
    ),
  );

/** A write that does not fit its item refuses the whole transaction there; AWS cancels it, with a reason for each item. */
const validationReasons: Rule = ({ operation, embedded, local }) => {
  const [ours, theirs] = [refusalOf(embedded), refusalOf(local)];
  if (!operation.kind.startsWith('Transact') || ours?.name !== 'TransactionCanceledException') return local;
  if (!Array.isArray(ours.CancellationReasons)) return local;
  const reasons: Plain[] = ours.CancellationReasons;
  const isSame = (reason: Plain, their: Plain | undefined) =>
    isObject(reason) && reason.Code === 'ValidationError' && hasSameWords(String(their), String(reason.Message));
  if (theirs?.name === 'ValidationException')
    return reasons.some((reason) => isSame(reason, theirs.message)) ? embedded : local;
  return local;
};

const hasSameWords = (their: string, our: string): boolean =>
  their === our ||
  [...otherWords, ...otherOrder].some(([theirWords, ourWords]) => theirWords.test(their) && ourWords.test(our));

/** A scan's filter sees there what its index does not carry. */
const filterBeyondIndex: Rule = ({ operation, embedded, local }) => {
  if (operation.kind !== 'Scan' || operation.input.IndexName === undefined) return local;
  const { TableName, IndexName, FilterExpression = '', ExpressionAttributeNames = {} } = operation.input;
  const table = tables.find(({ name }) => name === TableName);
  const index = table?.indexes.find(({ name }) => name === IndexName);
  if (table === undefined || index === undefined || index.projection.ProjectionType === 'ALL') return local;
  const carried = [...keysOf(table), ...keysOf(index)].map(({ name }) => name);
  const known = new Set([...carried, ...(index.projection.NonKeyAttributes ?? [])]);
  const names = (FilterExpression.match(/#?\w+/g) ?? []).map((name) => ExpressionAttributeNames[name] ?? name);
  const all = new Set<string>([...freeAttributes, ...typedAttributes(table).map(({ name }) => name)]);
  return names.some((name) => all.has(name) && !known.has(name)) ? embedded : local;
};

/** A page that looked at nothing costs nothing there; on AWS every read costs at least half a unit. */
const emptyReads: Rule = ({ operation, local }) => {
  if (operation.kind !== 'Query' && operation.kind !== 'Scan') return local;
  const least = operation.input.ConsistentRead === true ? 1 : 0.5;
  const index = operation.input.IndexName;
  return mapAnswer(local, (plain) =>
    mapObjects(plain, (object) =>
      object.CapacityUnits === 0 && 'TableName' in object ? withLeast(object, index, least) : object,
    ),
  );
};

function withLeast(capacity: PlainObject, index: string | undefined, units: number): PlainObject {
  const own = { CapacityUnits: units };
  const none = { CapacityUnits: 0 };
  const inIndex = (name: 'GlobalSecondaryIndexes' | 'LocalSecondaryIndexes') =>
    index !== undefined && name in capacity ? { [name]: { [index]: own } } : {};
  return {
    ...capacity,
    ...own,
    ...('Table' in capacity ? { Table: index === undefined ? own : none } : {}),
    ...inIndex('GlobalSecondaryIndexes'),
    ...inIndex('LocalSecondaryIndexes'),
  };
}

/** Capacity that was not asked for, with a delete that found nothing. */
const unaskedCapacity: Rule = ({ operation, local }) =>
  operation.kind === 'DeleteItem' && operation.input.ReturnConsumedCapacity === undefined
    ? mapAnswer(local, (plain) => mapObjects(plain, ({ ConsumedCapacity: _, ...rest }) => rest))
    : local;

/** A batch's delete that finds nothing counts as two units there; a transaction's units follow no rule. */
const isUpToTwice = (our: number, their: number) => our <= their && their <= our * 2;

const writeUnits: Rule = ({ operation, embedded, local }) =>
  operation.kind === 'TransactWriteItems' || (operation.kind === 'BatchWriteItem' && deletes(operation))
    ? withCapacity(embedded, local, operation.kind === 'BatchWriteItem' ? isUpToTwice : () => true)
    : local;

const deletes = ({ input }: Extract<Operation, { kind: 'BatchWriteItem' }>): boolean =>
  Object.values(input.RequestItems ?? {}).some((requests) => requests.some((request) => request.DeleteRequest));

/** A batch's keys without an item cost nothing there; on AWS they cost the least that a read does. */
const missingItems: Rule = ({ operation, embedded, local }) =>
  operation.kind === 'BatchGetItem' ? withCapacity(embedded, local, (our, their) => their <= our) : local;

/** TransactGetItems tells a table's read units but in one of two places. */
const noReadUnits: Rule = ({ operation, local }) =>
  operation.kind === 'TransactGetItems'
    ? mapAnswer(local, (plain) =>
        mapObjects(plain, ({ Table, ...rest }) =>
          isObject(Table) ? { ...rest, Table: { ...Table, ReadCapacityUnits: Table.CapacityUnits ?? 0 } } : rest,
        ),
      )
    : local;

const rules: readonly Rule[] = [
  canonicalNumbers,
  sameFault,
  noFullStop,
  validationReasons,
  emptyReads,
  filterBeyondIndex,
  unaskedCapacity,
  writeUnits,
  missingItems,
  noReadUnits,
];

const mapAnswer = (answer: Answer, change: (plain: Plain) => Plain): Answer =>
  'output' in answer ? { output: change(answer.output) } : { refusal: change(answer.refusal) };

/** Plain digits without an exponent or needless zeros, as AWS writes numbers. */
function canonical(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded = digits.padEnd(point, '0').padStart(digits.length - Math.min(point, 0), '0');
  const place = Math.max(point, 0);
  const before = padded.slice(0, place).replace(/^0+/, '') || '0';
  const after = padded.slice(place).replace(/0+$/, '');
  const text = after === '' ? before : `${before}.${after}`;
  return sign === '-' && text !== '0' ? `-${text}` : text;
}
