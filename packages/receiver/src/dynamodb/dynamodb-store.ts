import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Run } from '../once/run.ts';
import type { Claim, OnceStore } from '../once/store.ts';
import { type Refusal, refusalOf } from './refusal.ts';
import { type MarshalledUpdate, marshalUpdate, type PlainUpdate } from './update.ts';

/** The part of a `DynamoDBClient` or `DynamoDBDocumentClient` (version 3 of the SDK) that the store uses. */
export interface DynamodbClient {
  // The types of the SDK describe hundreds of commands. Any of its clients fits this.
  send(command: never): Promise<unknown>;
}

export interface DynamodbStoreOptions {
  readonly client: DynamodbClient;
  /** A table with the string `id` as its only key. Set `expiresAt` as its time to live. */
  readonly tableName: string;
  /** How long an id that is done is remembered, in seconds. By default seven days. */
  readonly keepSeconds?: number;
  /** The time now, in milliseconds since 1970. By default that of the machine. */
  readonly now?: () => number;
}

export interface DynamodbStore extends OnceStore {
  /**
   * The write that notes a run as done, for a `TransactWriteCommand` of `@aws-sdk/lib-dynamodb` with the handler's own
   * writes. Then both happen, or neither does: also if the process dies, and also if the lease was lost.
   */
  completion(run: Pick<Run, 'id' | 'owner'>): { readonly Update: PlainUpdate };
  /** The same for a `TransactWriteItemsCommand` of `@aws-sdk/client-dynamodb`. */
  marshalledCompletion(run: Pick<Run, 'id' | 'owner'>): { readonly Update: MarshalledUpdate };
}

const sevenDaysInSeconds = 604_800;

/**
 * Remembers messages in a table of DynamoDB: one conditional write to claim, one to complete. It needs the rights
 * `dynamodb:UpdateItem` and `dynamodb:DeleteItem`.
 *
 * Leases are compared by the clocks of the receivers. A receiver takes a message too early if its clock is ahead by more
 * than what is left of the lease: two thirds of the lease just before a renewal, one third after a renewal that failed.
 *
 * @throws RangeError if `keepSeconds` is not above 0
 * @example
 * const store = dynamodbStore({ client: new DynamoDBClient(), tableName: 'received-messages' });
 */
export function dynamodbStore(options: DynamodbStoreOptions): DynamodbStore {
  const { tableName, keepSeconds = sevenDaysInSeconds, now = Date.now } = options;
  if (!(keepSeconds > 0)) throw new RangeError('keepSeconds must be above 0.');
  const client = options.client as { send(command: object): Promise<unknown> };
  const update = (id: string): Pick<PlainUpdate, 'TableName' | 'Key'> => ({ TableName: tableName, Key: { id } });
  /** @param leaseMs - what is claimed is kept until its lease is over, at least */
  const expiresAt = (at: number, leaseMs = 0): number => Math.ceil(at / 1_000 + Math.max(keepSeconds, leaseMs / 1_000));

  const completionOf = ({ id, owner }: Pick<Run, 'id' | 'owner'>, condition: string): PlainUpdate => ({
    ...update(id),
    UpdateExpression: 'SET #state = :done, #expiresAt = :expiresAt',
    ConditionExpression: condition,
    ExpressionAttributeNames: { '#owner': 'owner', '#state': 'state', '#expiresAt': 'expiresAt' },
    ExpressionAttributeValues: {
      ':owner': owner,
      ':done': 'done',
      ':expiresAt': expiresAt(now()),
      ...(condition.includes(':claimed') && { ':claimed': 'claimed' }),
    },
  });

  const claim: OnceStore['claim'] = async (id, { leaseMs, owner }) => {
    const at = now();
    const command = marshalUpdate({
      ...update(id),
      UpdateExpression: 'SET #owner = :owner, #state = :claimed, #leaseEndsAt = :leaseEndsAt, #expiresAt = :expiresAt',
      ConditionExpression:
        'attribute_not_exists(id) OR (#state = :done AND #expiresAt <= :seconds) ' +
        'OR (#state = :claimed AND (#owner = :owner OR #leaseEndsAt <= :now))',
      ExpressionAttributeNames: {
        '#owner': 'owner',
        '#state': 'state',
        '#leaseEndsAt': 'leaseEndsAt',
        '#expiresAt': 'expiresAt',
      },
      ExpressionAttributeValues: {
        ':owner': owner,
        ':claimed': 'claimed',
        ':leaseEndsAt': at + leaseMs,
        ':expiresAt': expiresAt(at, leaseMs),
        ':done': 'done',
        ':now': at,
        ':seconds': Math.floor(at / 1_000),
      },
    });
    const refused = await refusalOf(
      client.send(new UpdateItemCommand({ ...command, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })),
    );
    return refused ? readClaim(refused, at, leaseMs) : { kind: 'claimed' };
  };

  return {
    claim,
    complete: async (id, owner) => {
      const command = marshalUpdate(completionOf({ id, owner }, '#owner = :owner'));
      return !(await refusalOf(client.send(new UpdateItemCommand(command))));
    },
    release: async (id, owner) => {
      const condition = marshalUpdate({
        ...update(id),
        ConditionExpression: '#owner = :owner AND #state = :claimed',
        ExpressionAttributeNames: { '#owner': 'owner', '#state': 'state' },
        ExpressionAttributeValues: { ':owner': owner, ':claimed': 'claimed' },
      });
      await refusalOf(client.send(new DeleteItemCommand(condition)));
    },
    completion: (run) => ({ Update: completionOf(run, ownClaim) }),
    marshalledCompletion: (run) => ({ Update: marshalUpdate(completionOf(run, ownClaim)) }),
  };
}

/** In a transaction a run is done once: not again, and not by a run that has lost its lease. */
const ownClaim = '#owner = :owner AND #state = :claimed';

function readClaim({ Item: item }: Refusal, now: number, leaseMs: number): Claim {
  if (item?.state?.S === 'done') return { kind: 'done' };
  const leaseEndsAt = Number(item?.leaseEndsAt?.N ?? now + leaseMs);
  return { kind: 'in_progress', leaseEndsInMs: Math.max(1, leaseEndsAt - now) };
}
