import type { LocalQueues } from './queues.ts';

/** A command of the AWS SDK: its class has the name of the operation. */
export interface SqsCommand {
  readonly input: object;
}

/** What the SDK's client does, without HTTP. */
export interface InProcessSqsClient {
  send(command: SqsCommand, options?: { readonly abortSignal?: AbortSignal }): Promise<object>;
  destroy(): void;
}

/** Creates a client that takes the SDK's commands, and runs them in this process. */
export const createInProcessSqsClient = (queues: Pick<LocalQueues, 'execute'>): InProcessSqsClient => ({
  send: (command, { abortSignal } = {}) =>
    queues.execute(command.constructor.name.replace(/Command$/, ''), command.input, {
      endpoint: 'http://localhost',
      signal: abortSignal,
    }),
  destroy: () => undefined,
});
