import { createHash } from 'node:crypto';
import type { Change } from '@posthorn/local-storage';
import type { CheckedRequest } from '../dynalite/checked-request.ts';
import { checkPart, type Operation } from '../dynalite/requests.ts';
import { idempotentParameterMismatch, validationFailure } from '../failure.ts';
import { itemSize } from '../items/item-size.ts';
import { itemKey, keys } from '../level/keys.ts';
import type { Table } from '../schema/table.ts';
import type { State } from '../state/state.ts';
import { allOrCancel } from '../transactions/cancellation.ts';
import type { Body, Item } from '../values.ts';
import { applyChanges } from '../writes/apply-changes.ts';
import {
  addUnits,
  doubled,
  readUnits,
  toConsumedCapacity,
  type Units,
  unitsOfChange,
  wantsCapacity,
} from '../writes/capacity.ts';
import { type EvaluatedWrite, evaluateCheck, evaluateDelete, evaluatePut, evaluateUpdate } from '../writes/evaluate.ts';
import { findItem, project } from './read-items.ts';

const evaluations = {
  ConditionCheck: { operation: 'DeleteItem', evaluate: evaluateCheck },
  Put: { operation: 'PutItem', evaluate: evaluatePut },
  Delete: { operation: 'DeleteItem', evaluate: evaluateDelete },
  Update: { operation: 'UpdateItem', evaluate: evaluateUpdate },
} as const satisfies Record<string, { operation: Operation; evaluate: typeof evaluatePut }>;
type Kind = keyof typeof evaluations;

interface Part {
  readonly kind: Kind;
  readonly request: CheckedRequest;
}

/** How long a ClientRequestToken is remembered. */
const tokenLifeMs = 10 * 60 * 1_000;
const maxTransactionBytes = 4 * 1_024 * 1_024;

/** Applies up to 100 writes and conditions: all of them or none. */
export async function transactWriteItems(state: State, request: CheckedRequest): Promise<Body> {
  // Must come before the check of the parts, which normalises numbers.
  const token = tokenOf(request);
  const parts = toParts(request);
  if (token && isRepeated(state, token)) {
    await state.storage.settled();
    return answerOf(request, repeatedUnits(state, parts));
  }
  checkDistinct(
    state,
    parts.map(({ request: part }) => part),
  );
  const evaluated = allOrCancel(parts, ({ kind, request: own }) => evaluations[kind].evaluate(state, own));
  checkSize(evaluated);
  const changes = evaluated.map(({ change }) => change);
  const { planned, durable } = applyChanges(state, changes, token ? keepToken(state, token) : []);
  await durable;
  return answerOf(
    request,
    planned.map((plan, index) => [changes[index]?.table, doubled(unitsOfChange(plan))] as const),
  );
}

function toParts(request: CheckedRequest): readonly Part[] {
  // Checked by the operation's types.
  return (request.TransactItems as readonly Readonly<Record<string, CheckedRequest>>[]).map((item) => {
    const kinds = (Object.keys(evaluations) as readonly Kind[]).filter((kind) => item[kind] !== undefined);
    const [kind] = kinds;
    if (kind === undefined || kinds.length !== 1)
      throw validationFailure('TransactItems can only contain one of Check, Put, Update or Delete');
    return { kind, request: checkPart(evaluations[kind].operation, { ...item[kind] }) };
  });
}

function checkDistinct(state: State, requests: readonly CheckedRequest[]): void {
  const places = new Set<string>();
  for (const request of requests) {
    const table = state.catalogue.get(request.TableName);
    const item = (request.Item ?? request.Key) as Item;
    const place = `${table.id}/${hasKey(item, table) ? itemKey(item, table) : `?${places.size}`}`;
    if (places.has(place))
      throw validationFailure('Transaction request cannot include multiple operations on one item');
    places.add(place);
  }
}

/**
 * Returns whether an item has the key of its table with the right types. Other items get their own cancellation reason.
 */
const hasKey = (item: Item, { description }: Table): boolean =>
  description.KeySchema.every(({ AttributeName }) => {
    const type = description.AttributeDefinitions.find((own) => own.AttributeName === AttributeName)?.AttributeType;
    return type !== undefined && item[AttributeName]?.[type] !== undefined;
  });

function checkSize(evaluated: readonly EvaluatedWrite[]): void {
  const bytes = evaluated.reduce((sum, { change }) => sum + (change.next ? itemSize(change.next) : 0), 0);
  if (bytes > maxTransactionBytes)
    throw validationFailure('Collection size of all items in the transaction exceeded the 4 MB limit');
}

/** The ClientRequestToken of a transaction, and the digest of its parameters. */
interface Token {
  readonly text: string;
  readonly digest: string;
}

function tokenOf({ ClientRequestToken, TransactItems }: CheckedRequest): Token | undefined {
  if (typeof ClientRequestToken !== 'string') return undefined;
  const digest = createHash('sha256').update(JSON.stringify(TransactItems)).digest('base64');
  return { text: ClientRequestToken, digest };
}

/** @throws IdempotentParameterMismatchException if the token was used with other parameters */
function isRepeated({ storage, now }: State, token: Token): boolean {
  const text = storage.latest(keys.token(token.text));
  if (text === undefined) return false;
  // Only `keepToken` writes these rows.
  const kept = JSON.parse(text) as { readonly digest: string; readonly until: number };
  if (kept.until <= now()) return false;
  if (kept.digest !== token.digest)
    throw idempotentParameterMismatch(
      'The provided client token is already in use with a different set of request parameters',
    );
  return true;
}

function keepToken({ now }: State, { text, digest }: Token): readonly Change[] {
  const until = now() + tokenLifeMs;
  return [
    { type: 'put', key: keys.token(text), value: JSON.stringify({ digest, until }) },
    { type: 'put', key: keys.tokenExpiry(until, text), value: '' },
  ];
}

type TableUnits = readonly (readonly [table: Table | undefined, units: Units])[];

/** A repeated transaction consumes read capacity only. */
const repeatedUnits = (state: State, parts: readonly Part[]): TableUnits =>
  parts.map(({ request }) => {
    const item = (request.Item ?? request.Key) as Item;
    return [state.catalogue.get(request.TableName), { table: readUnits(itemSize(item), true) * 2, indexes: {} }];
  });

function answerOf(request: CheckedRequest, all: TableUnits, kind: 'Read' | 'Write' = 'Write'): Body {
  if (!wantsCapacity(request)) return {};
  const byTable = new Map<Table, Units[]>();
  for (const [table, units] of all) if (table) byTable.set(table, [...(byTable.get(table) ?? []), units]);
  return {
    ConsumedCapacity: [...byTable].map(([table, units]) => toConsumedCapacity(request, table, addUnits(units), kind)),
  };
}

/** Returns up to 100 items as they are at one moment. */
export async function transactGetItems(state: State, request: CheckedRequest): Promise<Body> {
  // Checked by the operation's types.
  const gets = (request.TransactItems as readonly { readonly Get: CheckedRequest }[]).map(({ Get }) =>
    checkPart('GetItem', { ...Get }),
  );
  checkDistinct(state, gets);
  const found = allOrCancel(gets, (get) => findItem(state, get));
  const Responses = found.map(({ item }, index) => (item ? { Item: project(gets[index] ?? {}, item) } : {}));
  const units = found.map(({ table, item }) => {
    const own = readUnits(item ? itemSize(item) : 0, true) * 2;
    return [table, { table: own, indexes: {} }] as const;
  });
  return { Responses, ...answerOf(request, units, 'Read') };
}
