import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { PassingError, type SlotRequest, spacingOf, type Throttled, type ThrottleRepository } from '@posthorn/core';
import { createBoundedMemory } from '@posthorn/core/memory/bounded-memory';
import { retryDelay } from './rows/retry-delay.ts';
import { numberOf, toItem, toRow } from './rows/row.ts';
import { tryConditionalWrite } from './rows/row-access.ts';
import type { Store } from './store.ts';

/** A row is removed when nothing was reserved for this long. A line without a row starts anew. */
const keptSeconds = 90 * 86_400;
/** Two tries are enough unless others write the same row in between. */
const maxTries = 8;
const maxRemembered = 1_000;
const rememberMs = 600_000;

/** The key of a line of slots. */
export const throttleKey = ({ line, id }: Throttled) => ({ limit: `${line}#${id}` });

/**
 * Lines of slots in DynamoDB, a row each. A line that runs ahead is moved on, any other one starts anew: each is one
 * conditional update. What this process last saw of a line decides which one is tried first.
 */
export function createThrottleRepository({ client, stage }: Store): ThrottleRepository {
  const table: ThrottleTable = { client, TableName: tableName(stage, 'throttles') };
  const seen = createBoundedMemory<number>({ maxEntries: maxRemembered, now: Date.now });
  return {
    async reserve({ line, id }, request) {
      const { limit } = throttleKey({ line, id });
      let write = (seen.find(limit) ?? 0) > request.from ? moveOn : startAnew;
      for (let tries = 0; tries < maxTries; tries += 1) {
        if (tries > 1) await retryDelay(tries);
        const nextFree = await write(table, { limit, ...request });
        if (nextFree !== undefined) {
          seen.keep(limit, nextFree, rememberMs);
          return nextFree - lengthOf(request);
        }
        write = write === moveOn ? startAnew : moveOn;
      }
      throw new PassingError(`no slot of ${limit} could be reserved: too many workers reserve at once`);
    },
  };
}

interface ThrottleTable extends Pick<Store, 'client'> {
  readonly TableName: string;
}

interface LimitRequest extends SlotRequest {
  readonly limit: string;
}

const lengthOf = ({ count, rate }: SlotRequest): number => count * spacingOf(rate);

/** Reserves behind the last slot, if that is ahead at the same rate. Returns the next free slot. */
const moveOn = (table: ThrottleTable, request: LimitRequest): Promise<number | undefined> =>
  update(table, request, {
    UpdateExpression: 'SET nextFree = nextFree + :length, expiresAt = :expiresAt',
    ConditionExpression: 'nextFree > :from AND rate = :rate',
    values: { ':length': lengthOf(request), ':from': request.from, ':rate': request.rate },
  });

/** Reserves from the earliest time that was asked for, if the line does not run ahead at the same rate. */
const startAnew = (table: ThrottleTable, request: LimitRequest): Promise<number | undefined> =>
  update(table, request, {
    UpdateExpression: 'SET nextFree = :nextFree, rate = :rate, expiresAt = :expiresAt',
    ConditionExpression: 'attribute_not_exists(nextFree) OR nextFree <= :from OR rate <> :rate',
    values: { ':nextFree': request.from + lengthOf(request), ':from': request.from, ':rate': request.rate },
  });

interface LineUpdate {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly values: Readonly<Record<string, number>>;
}

/** Nothing if the condition is not met. */
async function update(
  { client, TableName }: ThrottleTable,
  { limit, from }: LimitRequest,
  { values, ...expressions }: LineUpdate,
): Promise<number | undefined> {
  const expiresAt = Math.ceil(from / 1_000_000) + keptSeconds;
  const command = new UpdateItemCommand({
    TableName,
    Key: toItem({ limit }),
    ...expressions,
    ExpressionAttributeValues: toItem({ ...values, ':expiresAt': expiresAt }),
    ReturnValues: 'UPDATED_NEW',
  });
  const written = await tryConditionalWrite(client.send(command));
  return written.refused ? undefined : numberOf(toRow(written.answer.Attributes ?? {}), 'nextFree');
}
