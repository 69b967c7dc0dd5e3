import { randomBytes } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createId, createMessageId, idEntropyBytes } from '@posthorn/core';
import type { InProcessCommand } from '@posthorn/local-dynamodb';
import { createAttemptRepository } from '@posthorn/models/attempts';
import { createClaimRepository } from '@posthorn/models/claims';
import { createEndpointRepository } from '@posthorn/models/endpoints';
import { createMessageRepository } from '@posthorn/models/messages';
import { aMessage, anAttempt, anEndpoint, realisticBody } from '@posthorn/testing';

export type Command = InProcessCommand<object>;

/** The requests of one message with an idempotency key to one endpoint, as `packages/models` sends them. */
export interface MessageRequests {
  readonly insertMessage: readonly Command[];
  readonly claimKey: readonly Command[];
  readonly recordAttempt: readonly Command[];
  readonly getMessage: readonly Command[];
  readonly getEndpoint: readonly Command[];
  readonly findAttempt: readonly Command[];
}

const stage = 'bench';
const entropy = () => randomBytes(idEntropyBytes);
const dayMs = 24 * 3_600_000;

/** Creates an endpoint with `real`, and records the requests of `count` messages to it without sending them. */
export async function recordRequests(count: number, real: DynamoDBClient): Promise<MessageRequests> {
  const sent: Command[] = [];
  const client = {
    send: async (command: Command) => {
      sent.push(command);
      return {};
    },
    // The repositories call nothing else.
  } as unknown as DynamoDBClient;
  const store = { client, stage };
  const repositories = {
    messages: createMessageRepository(store),
    claims: createClaimRepository(store),
    attempts: createAttemptRepository(store),
    endpoints: createEndpointRepository(store),
  };
  const now = new Date();
  const endpoint = anEndpoint({ endpointId: createId('endpoint', now, entropy()) });
  await createEndpointRepository({ client: real, stage }).insert(endpoint);
  const messages = Array.from({ length: count }, (_, number) =>
    aMessage({
      messageId: createMessageId(now, entropy(), 'sharded'),
      acceptedAt: now,
      body: realisticBody({ bytes: 900, seed: number }),
    }),
  );
  const attempts = messages.map(({ messageId }) =>
    anAttempt({ messageId, endpointId: endpoint.endpointId, attemptId: createId('attempt', now, entropy()) }),
  );
  const record = async <Value>(values: readonly Value[], work: (value: Value) => Promise<unknown>) => {
    sent.length = 0;
    for (const value of values) await work(value);
    return [...sent];
  };
  const expiresAt = new Date(now.getTime() + dayMs);
  const { applicationId } = endpoint;
  return {
    insertMessage: await record(messages, (message) => repositories.messages.insert(message)),
    claimKey: await record(messages, ({ messageId }) =>
      repositories.claims.claim({ key: `key-of-${messageId}`, messageId, claimedAt: now, expiresAt }),
    ),
    recordAttempt: await record(attempts, (attempt) => repositories.attempts.record(attempt)),
    getMessage: await record(messages, ({ messageId }) => repositories.messages.find(applicationId, messageId, now)),
    getEndpoint: await record(messages, () => repositories.endpoints.find(applicationId, endpoint.endpointId)),
    findAttempt: await record(attempts, ({ endpointId, attemptId }) =>
      repositories.attempts.find(endpointId, attemptId),
    ),
  };
}
