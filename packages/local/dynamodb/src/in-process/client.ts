import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { EmbeddedDynamodb } from '../engine/engine.ts';
import { toAnsweredFailure } from '../failure.ts';
import { AnswerLost } from '../faults/faults.ts';
import type { Body } from '../values.ts';
import { fromWire } from './from-wire.ts';
import { defaultPauseMs, isPassing, type Retries } from './retries.ts';
import { CallAborted, type CallMetadata, ConnectionLost, ServiceError } from './service-error.ts';
import { toWire } from './to-wire.ts';

/** A command of the SDK, such as `new PutItemCommand(input)`. Its class has the operation's name. */
export interface InProcessCommand<Output extends object> {
  readonly input: object;
  /** Only for the type of the output. It is not called. */
  resolveMiddleware(stack: never, configuration: never, options?: never): (args: never) => Promise<{ output: Output }>;
}

/** Takes the place of the SDK's `DynamoDBClient` and `DynamoDBStreamsClient` in the store's own process. */
export interface InProcessClient {
  /**
   * Runs a command. Its input is never modified, and the output shares nothing with the store.
   *
   * @throws ServiceError with the name of DynamoDB's error
   */
  send<Output extends object>(
    command: InProcessCommand<Output>,
    options?: { readonly abortSignal?: AbortSignal },
  ): Promise<Output>;
  readonly config: { region(): Promise<string> };
  /** Does nothing: the client has no connections. The store stays open. */
  destroy(): void;
}

/**
 * Creates a client for all commands of DynamoDB and DynamoDB Streams. It behaves as a client of the SDK, without HTTP,
 * signatures and JSON.
 *
 * @example
 * const client = createInProcessClient(await openEmbeddedDynamodb({ folder: '.data' }));
 * await client.send(new PutItemCommand({ TableName: 'items', Item: { id: { S: 'a' } } }));
 */
export function createInProcessClient(dynamodb: EmbeddedDynamodb, retries: Retries = {}): InProcessClient {
  const { maxAttempts = 3, pauseMs = defaultPauseMs } = retries;
  const nextId = createRequestIds();

  async function call(operation: string, input: object, signal: AbortSignal | undefined): Promise<Body> {
    const retried = withToken(operation, input);
    for (let attempts = 1, totalRetryDelay = 0; ; attempts += 1) {
      if (signal?.aborted) throw new CallAborted();
      try {
        // `toWire` returns an object for an object.
        const answer = await dynamodb.execute(operation, toWire(retried) as object);
        const $metadata = { httpStatusCode: 200, requestId: nextId(), attempts, totalRetryDelay };
        // `fromWire` returns an object for an object.
        return Object.assign(fromWire(answer) as Body, { $metadata });
      } catch (error) {
        const metadata = { attempts, totalRetryDelay };
        const failure = error instanceof AnswerLost ? error : toAnsweredFailure(error);
        if (attempts >= maxAttempts || !isPassing(failure)) throw toThrown(failure, metadata, nextId);
        const pause = pauseMs(attempts);
        totalRetryDelay += pause;
        await wait(pause);
      }
    }
  }

  return {
    // The response of an operation is the output of its command.
    send: (command, { abortSignal } = {}) => {
      const work = call(operationOf(command), command.input, abortSignal) as Promise<never>;
      return abortSignal ? unlessAborted(work, abortSignal) : work;
    },
    config: { region: async () => dynamodb.region },
    destroy: () => undefined,
  };
}

const operationOf = (command: object): string => command.constructor.name.replace(/Command$/, '');

/** Gives a transaction a token, as the SDK does: a second try must not apply it again. */
function withToken(operation: string, input: object): object {
  if (operation !== 'TransactWriteItems' || 'ClientRequestToken' in input) return input;
  return { ...input, ClientRequestToken: randomUUID() };
}

const toThrown = (
  failure: ReturnType<typeof toAnsweredFailure> | AnswerLost,
  metadata: CallMetadata,
  nextId: () => string,
): Error =>
  failure instanceof AnswerLost
    ? new ConnectionLost(metadata)
    : new ServiceError(failure, { requestId: nextId(), ...metadata });

/** Returns ids that look like those of AWS. */
function createRequestIds(): () => string {
  const start = randomBytes(20).toString('hex').toUpperCase();
  let count = 0;
  return () => {
    count += 1;
    return `${start}${count.toString(16).toUpperCase().padStart(12, '0')}`;
  };
}

async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(new CallAborted());
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
