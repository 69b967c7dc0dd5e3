import { isDeepStrictEqual } from 'node:util';
import { freeAttributes } from './generators/paths.ts';
import { type Answer, type Plain, sorted, toPlain } from './normalise.ts';
import type { Operation } from './operation.ts';
import { isObject, mapObjects, type PlainObject, refusalOf, withCapacity } from './plain.ts';
import { keysOf, tables, typedAttributes } from './tables.ts';

/**
 * Differences of DynamoDB Local from what AWS documents, where the embedded store behaves like AWS. Each rule removes
 * one difference from DynamoDB Local's answer, and nothing else. DIFFERENCES.md in packages/local/dynamodb lists them for
 * users.
 */
export interface Pair {
  readonly operation: Operation;
  readonly embedded: Answer;
  readonly local: Answer;
}

type Rule = (pair: Pair) => Answer;

/**
 * Whether DynamoDB Local accepted a request that AWS refuses. That is a known difference too, but afterwards the stores
 * have different items, so the sequence ends.
 */
export function haveParted({ embedded, local }: Pair): boolean {
  const ours = refusalOf(embedded);
  if (ours === undefined || 'refusal' in local) return false;
  const reasons: readonly Plain[] = Array.isArray(ours.CancellationReasons) ? ours.CancellationReasons : [];
  const messages = [ours.message, ...reasons.map((reason) => (isObject(reason) ? reason.Message : null))].map(String);
  return messages.some((message) => refusedByAwsAlone.some((words) => words.test(message)));
}

const refusedByAwsAlone = [
  // An update writes a value of the wrong type (string, number or bytes) into an index key.
  /Type mismatch for Index Key/,
  // The keys of two writes are the same number, written in two ways.
  /^Transaction request cannot include multiple operations on one item$/,
  // Two keys of a batch are the same number, written in two ways.
  /^Provided list of item keys contains duplicates$/,
];

/** DynamoDB Local's answer, corrected by the known differences to what AWS would respond. */
export const asAws = (pair: Pair): Answer => rules.reduce((local, rule) => rule({ ...pair, local }), pair.local);

/** DynamoDB Local keeps numbers in lists, maps and sets as they were written ("1.0", "1E+3"); AWS normalises them. */
const canonicalNumbers: Rule = ({ local }) => mapAnswer(local, (plain) => sortedAgain(withCanonicalNumbers(plain)));

export const withCanonicalNumbers = (plain: Plain): Plain =>
  mapObjects(plain, ({ N, NS, ...rest }) => ({
    ...rest,
    ...(typeof N === 'string' ? { N: canonical(N) } : {}),
    ...(Array.isArray(NS) ? { NS: sorted(NS.map((number) => canonical(String(number)))) } : {}),
  }));

/** An error of DynamoDB Local, and AWS's error for the same request. */
type Words = readonly [theirs: RegExp, ours: RegExp];

const indexKeyType = /Type mismatch for Index Key/;
const overlap = /^(.* Two document paths (?:overlap|conflict) with each other; .*; path one: ).*$/;

/** The same fault with other messages. */
const otherWords: readonly Words[] = [
  [/DynamoDB only supports precision up to 38 digits/, /more than 38 significant digits/],
  [/A value provided cannot be converted into a number/, /cannot be converted to a numeric value/],
  [/^Consistent read cannot be true when querying a GSI$/, /^Consistent reads are not supported on global/],
  [/^Return values set to invalid value$/, /^ReturnValues can only be ALL_OLD or NONE$/],
  // The embedded store's parser (from dynalite) reports what it expected, not what is near the error.
  [/^Invalid \w+: Syntax error; token: /, /^Invalid \w+: Syntax error; /],
  // DynamoDB Local names any other path of the expression as the second one.
  [overlap, overlap],
  // DynamoDB Local prints bytes and collections as Java does, and lists types that AWS does not have.
  [/The BETWEEN operator requires /, /The BETWEEN operator requires /],
  [/: attribute_type, operand type: \{/, /: attribute_type, operand type: \{/],
  // The message does not say which key is meant.
  [/^One of the required keys was not given a value$/, /Missing the key|key element does not match the schema/],
  [/^The number of conditions on the keys is invalid$/, /key element does not match the schema/],
  [/: Type mismatch for key$/, /Type mismatch for key|key element does not match the schema/],
  [/: Type mismatch for Index Key$|^Invalid attribute value type$/, indexKeyType],
  [/^Invalid attribute value type$/, /key element does not match the schema|Type mismatch for key/],
  [/^Query condition missed key schema element$/, /^Query condition missed key schema element: /],
  // In any order.
  [/ does not project .*\[/, / does not project .*\[/],
  [
    /^.*Condition parameter type does not match schema type$/,
    /ComparisonOperator \w+ is not valid for \w+ AttributeValue type$/,
  ],
  [/contains duplicates\.?( for key .*)?$/, /Input collection .*contains duplicates\.?( for key .*)?$/],
  [/Invalid attribute type name found; type: X,/, /Invalid attribute type name found; type: X,/],
  [
    /^Invalid KeyConditionExpression: Incorrect operand type/,
    /^.*ComparisonOperator \w+ is not valid for \w+ AttributeValue type$/,
  ],
  [/Input collection of type BS contains duplicates/, /Input collection \[.*\]of type BS contains duplicates/],
  [
    /^One or more parameter values are not valid\. The AttributeValue for a key/,
    /: The AttributeValue for a key attribute cannot contain/,
  ],
  // The SDK does not find the message in DynamoDB Local's response.
  [/^UnknownError$/, /^The provided client token is already in use/],
];

/** Faults of the request itself, independent of the items. */
const faults: readonly RegExp[] = [
  /^Invalid UpdateExpression: /,
  /^Invalid ConditionExpression: /,
  /^Invalid KeyConditionExpression: /,
  /^Invalid FilterExpression: /,
  /^Invalid ProjectionExpression: /,
  /^Return ?[vV]alues /,
  /numeric value|converted into a number|significant digits|precision up to 38|^Number (over|under)flow/,
  /set {2}may not be empty|sets should not be empty|Input collection/,
  /^Provided list of item keys contains duplicates$/,
  /unused in expressions|can only be specified when using expressions/,
  /number of conditions on the keys|required keys was not|key element|the key \w+ in the item|Type mismatch for key/,
  /cannot contain an empty (string|binary) value/,
  /Type mismatch for Index Key/,
  /^Invalid attribute value type$/,
  /does not project/,
  /^Cannot specify the ProjectionExpression/,
  /^Filter Expression can only contain/,
  /^Transaction request cannot include multiple operations/,
  /^Consistent read/,
  /Cannot update attribute/,
  /^Invalid operator used in KeyConditionExpression|^Query (key )?condition|is not valid for \w+ AttributeValue type|does not match schema type/,
];
const faultIn = (message: string): number => faults.findIndex((words) => words.test(message));

/** If a request has two faults of different kinds, each store may report another one first. */
const haveTwoFaults = (our: string, their: string): boolean =>
  faultIn(our) >= 0 && faultIn(their) >= 0 && faultIn(our) !== faultIn(their);

/**
 * Two faults, one of the request and one of the item, or two of one condition: DynamoDB Local reports the other one.
 */
const otherOrder: readonly Words[] = [
  // DynamoDB Local checks index keys of an update with its result, and keys after the condition.
  [
    /attribute that does not exist|document path provided|conditional request failed|operand in the update/,
    /Type mismatch for Index Key|Cannot update attribute/,
  ],
  // DynamoDB Local checks last that no item is in the request twice.
  [/./, /^Transaction request cannot include multiple operations on one item$/],
  [/operator or function: \S+, operand type/, /operator or function: \S+, operand type|The BETWEEN operator requires /],
  [/precision up to 38 digits/, /^Number overflow/],
];

/** If an update has several faults, each store may report another one first. */
const updateFault =
  /attribute that does not exist|document path provided|operand in the update|38 (significant )?digits/;
const hasSeveralActions = /,|\b(SET|REMOVE|ADD|DELETE)\b.*\b(SET|REMOVE|ADD|DELETE)\b/;

const isFault = (message: string): boolean => faultIn(message) >= 0 || updateFault.test(message);

const sameFault: Rule = ({ operation, embedded, local }) => {
  const [ours, theirs] = [refusalOf(embedded), refusalOf(local)];
  if (ours === undefined || theirs === undefined) return local;
  const [our, their] = [String(ours.message), String(theirs.message)];
  const fits = ([theirWords, ourWords]: Words) => theirWords.test(their) && ourWords.test(our);
  if (ours.name === theirs.name && otherWords.some(fits)) return { refusal: { ...theirs, message: our } };
  if (operation.kind === 'UpdateItem' && hasSeveralActions.test(operation.input.UpdateExpression ?? ''))
    if (updateFault.test(our) && updateFault.test(their)) return embedded;
  // Each item of a group may have its own fault.
  if (/Transact|Batch/.test(operation.kind) && isFault(our) && isFault(their)) return embedded;
  return haveTwoFaults(our, their) || otherOrder.some(fits) ? embedded : local;
};

/** In DynamoDB Local, the reason of a ConditionCheck ends with a full stop. */
const noFullStop: Rule = ({ local }) =>
  mapAnswer(local, (plain) =>
    mapObjects(plain, (object) =>
      object.Message === 'The conditional request failed.'
        ? { ...object, Message: 'The conditional request failed' }
        : object,
    ),
  );

/** For an impossible write DynamoDB Local refuses the transaction; AWS cancels it with a reason for each item. */
const validationReasons: Rule = ({ operation, embedded, local }) => {
  const [ours, theirs] = [refusalOf(embedded), refusalOf(local)];
  if (!operation.kind.startsWith('Transact') || ours?.name !== 'TransactionCanceledException') return local;
  if (!Array.isArray(ours.CancellationReasons)) return local;
  const reasons: Plain[] = ours.CancellationReasons;
  const theirReasons = theirs?.CancellationReasons;
  return isKnownCancellation(reasons, Array.isArray(theirReasons) ? theirReasons : undefined, theirs)
    ? embedded
    : local;
};

function isKnownCancellation(
  ours: readonly Plain[],
  theirs: readonly Plain[] | undefined,
  error: Plain | undefined,
): boolean {
  // If a key is updated, DynamoDB Local lists only that reason.
  const [only, ...others] = theirs ?? [error];
  const isOneOfOurs = ours.some(
    (reason) => isObject(reason) && reason.Code === 'ValidationError' && isSameReason(only, reason),
  );
  if (others.length === 0 && isOneOfOurs) return true;
  return theirs?.length === ours.length && ours.every((reason, place) => isSameReason(theirs[place], reason));
}

/** DynamoDB Local's reason, or the error that it returns instead. */
function isSameReason(theirs: Plain | undefined, ours: Plain): boolean {
  if (!isObject(theirs) || !isObject(ours)) return false;
  const [their, our] = [String(theirs.Message ?? theirs.message), String(ours.Message)];
  // DynamoDB Local has no reason for an index key that it accepts.
  if (theirs.Code === 'None' && indexKeyType.test(our)) return true;
  return (
    isDeepStrictEqual(theirs, ours) || hasSameWords(their, our) || (updateFault.test(their) && updateFault.test(our))
  );
}

const hasSameWords = (their: string, our: string): boolean =>
  their === our ||
  haveTwoFaults(our, their) ||
  [...otherWords, ...otherOrder].some(([theirWords, ourWords]) => theirWords.test(their) && ourWords.test(our));

/** In DynamoDB Local, a scan's filter can read attributes that the index does not have. */
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

/** In DynamoDB Local a page without rows costs nothing. On AWS every read costs at least half a unit. */
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

/** DynamoDB Local returns capacity that was not requested for a delete that found nothing. */
const unaskedCapacity: Rule = ({ operation, local }) =>
  operation.kind === 'DeleteItem' && operation.input.ReturnConsumedCapacity === undefined
    ? mapAnswer(local, (plain) => mapObjects(plain, ({ ConsumedCapacity: _, ...rest }) => rest))
    : local;

/** In DynamoDB Local a batch's delete without an item costs two units. A transaction's units follow no rule. */
const isUpToTwice = (our: number, their: number) => our <= their && their <= our * 2;

const writeUnits: Rule = ({ operation, embedded, local }) =>
  operation.kind === 'TransactWriteItems' || (operation.kind === 'BatchWriteItem' && deletes(operation))
    ? withCapacity(embedded, local, operation.kind === 'BatchWriteItem' ? isUpToTwice : () => true)
    : local;

const deletes = ({ input }: Extract<Operation, { kind: 'BatchWriteItem' }>): boolean =>
  Object.values(input.RequestItems ?? {}).some((requests) => requests.some((request) => request.DeleteRequest));

/** In DynamoDB Local a batch's keys without an item cost nothing. On AWS they cost the minimum of a read. */
const missingItems: Rule = ({ operation, embedded, local }) =>
  operation.kind === 'BatchGetItem' ? withCapacity(embedded, local, (our, their) => their <= our) : local;

/**
 * Attributes that a local index does not have are read from the table. DynamoDB Local counts that for keys, which the
 * index has, and not for other attributes.
 */
const fetchedItems: Rule = ({ operation, embedded, local }) => {
  if (operation.kind !== 'Query' && operation.kind !== 'Scan') return local;
  const { TableName, IndexName } = operation.input;
  const index = tables.find(({ name }) => name === TableName)?.indexes.find(({ name }) => name === IndexName);
  return index?.kind === 'local' ? withCapacity(embedded, local, () => true) : local;
};

/**
 * An item with only one part of a global index's key has no row in the index. If an update replaces that part by the
 * other one, DynamoDB Local still counts a unit for the index.
 */
const halfOfAKey: Rule = ({ operation, embedded, local }) => {
  if (!/Put|Update|Write/.test(operation.kind)) return local;
  const index = JSON.stringify(operation.input).includes('"texts"') ? 'by_text' : undefined;
  if (index === undefined) return local;
  const withoutRow = mapAnswer(local, (plain) =>
    mapObjects(plain, (object) => {
      const { GlobalSecondaryIndexes: rows, ...rest } = object;
      return isObject(rows) && isObject(rows[index]) ? rest : object;
    }),
  );
  // Groups have further differences of capacity.
  const fits = (our: number, their: number) =>
    operation.kind === 'TransactWriteItems' ||
    (our <= their && their <= our * (operation.kind === 'BatchWriteItem' ? 2 : 1) + 1);
  return [local, withoutRow].some((one) => withCapacity(embedded, one, fits) === embedded) ? embedded : local;
};

/** DynamoDB Local returns no last key if a query reaches its limit at the last key that its condition allows. */
const noLastKey: Rule = ({ operation, embedded, local }) => {
  if (operation.kind !== 'Query' || operation.input.Limit === undefined) return local;
  if (!('output' in embedded) || !('output' in local)) return local;
  const [ours, theirs] = [embedded.output, local.output];
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    const last = ours.at(-2);
    if (!isObject(last) || ours.length !== theirs.length + 1 || !isLastAllowed(operation, last.LastEvaluatedKey))
      return local;
    const { LastEvaluatedKey: _, ...rest } = last;
    return isDeepStrictEqual([...ours.slice(0, -2), rest], theirs) ? embedded : local;
  }
  // Pages of an index are compared by their sizes only.
  if (!isObject(ours) || !isObject(theirs) || !Array.isArray(ours.scanned)) return local;
  const { capacity: _, ...answer } = theirs;
  return isDeepStrictEqual(answer, { ...ours, scanned: ours.scanned.slice(0, -1) }) ? embedded : local;
};

function isLastAllowed({ input }: Extract<Operation, { kind: 'Query' }>, key: Plain | undefined): boolean {
  const range = tables.find(({ name }) => name === input.TableName)?.range;
  const values = Object.values(input.ExpressionAttributeValues ?? {}).map((value) =>
    withCanonicalNumbers(toPlain(value)),
  );
  return range === undefined || (isObject(key) && values.some((value) => isDeepStrictEqual(value, key[range.name])));
}

/** DynamoDB Local's UPDATED_OLD and UPDATED_NEW show whole lists and maps, AWS's show only the updated parts. */
const wholeAttributes: Rule = ({ operation, embedded, local }) => {
  if (operation.kind !== 'UpdateItem' || !operation.input.ReturnValues?.startsWith('UPDATED')) return local;
  if (!/[[.]/.test(operation.input.UpdateExpression ?? '')) return local;
  const withoutAttributes = (answer: Answer) =>
    mapAnswer(answer, (plain) => mapObjects(plain, ({ Attributes: _, ...rest }) => rest));
  return isDeepStrictEqual(withoutAttributes(embedded), withoutAttributes(local)) ? embedded : local;
};

/** DynamoDB Local's TransactGetItems returns a table's read units in only one of two places. */
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
  fetchedItems,
  halfOfAKey,
  noLastKey,
  wholeAttributes,
  noReadUnits,
];

const mapAnswer = (answer: Answer, change: (plain: Plain) => Plain): Answer =>
  'output' in answer ? { output: change(answer.output) } : { refusal: change(answer.refusal) };

/** Sorts again what was sorted by its text before the text was changed. */
const sortedAgain = (plain: Plain): Plain =>
  mapObjects(plain, (object) => ({
    ...object,
    ...(Array.isArray(object.items) ? { items: sorted(object.items) } : {}),
    ...(isObject(object.Responses) ? { Responses: mapObjects(object.Responses, sortLists) } : {}),
  }));

const sortLists = (object: PlainObject): PlainObject =>
  Object.fromEntries(
    Object.entries(object).map(([name, list]) => [
      name,
      Array.isArray(list) && tables.some((table) => table.name === name) ? sorted(list) : list,
    ]),
  );

/** Digits without an exponent or unneeded zeros, as AWS writes numbers. */
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
