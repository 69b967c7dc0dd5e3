import type { LocalQueues } from './queues.ts';

/** A command of the AWS SDK. */
export interface SqsCommand {
  readonly input: object;
  /** Its third element is the name of the operation. */
  readonly schema?: unknown;
}

/** What the SDK's client does, without HTTP. */
export interface InProcessSqsClient {
  send(command: SqsCommand, options?: { readonly abortSignal?: AbortSignal }): Promise<object>;
  destroy(): void;
}

/** Creates a client that takes the SDK's commands, and runs them in this process. */
export const createInProcessSqsClient = (queues: Pick<LocalQueues, 'execute'>): InProcessSqsClient => ({
  send: (command, { abortSignal } = {}) =>
    queues.execute(operationOf(command), command.input, {
      endpoint: 'http://localhost',
      signal: abortSignal,
    }),
  destroy: () => undefined,
});

/** A bundler can change the names of classes, but not the schema. Commands of older SDKs have none. */
const operationOf = ({ schema, constructor: { name } }: SqsCommand): string =>
  Array.isArray(schema) && typeof schema[2] === 'string' ? schema[2] : name.replace(/Command$/, '');
