import type { Journal } from './journal.ts';
import { presentWork } from './present-work.ts';
import type { Command } from './read-command.ts';
import { readJob } from './read-job.ts';

/** A call that is over. */
export interface EndedCall {
  readonly command: Command;
  readonly operation: string;
  readonly target: string;
  /** Absent if it succeeded. */
  readonly error?: unknown;
}

/** Writes down what a call did, if it put jobs on a queue or the record of an attempt. */
export type WatchCall = (call: EndedCall) => void;

/** A value of DynamoDB. */
interface Value {
  readonly S?: string;
  readonly N?: string;
}
interface Input {
  readonly MessageBody?: string;
  readonly Entries?: readonly { readonly Id?: string; readonly MessageBody?: string }[];
  /** An attempt, as `models` writes it. */
  readonly Item?: {
    readonly partition?: Value;
    readonly attemptId?: Value;
    readonly message?: Value;
    readonly messageId?: Value;
    readonly number?: Value;
  };
}

/** @param attempts - the name of the table of attempts */
export const createCallWatch =
  (journal: Journal, attempts: string): WatchCall =>
  ({ command, operation, target, error }) => {
    const given: Input = command.input;
    const work = presentWork();
    if (operation === 'SendMessage' || operation === 'SendMessageBatch') {
      if (error !== undefined) return;
      for (const { MessageBody = '' } of given.Entries ?? [given]) {
        const { endpointId, messageId, attemptNumber } = readJob(MessageBody);
        if (endpointId !== undefined && messageId !== undefined && attemptNumber !== undefined)
          journal.add({ kind: 'enqueued', work, queue: target, endpointId, messageId, attemptNumber });
      }
    }
    if (operation !== 'PutItem' || target !== attempts) return;
    const { partition, attemptId, message, messageId, number } = given.Item ?? {};
    journal.add({
      kind: 'record-put',
      work,
      endpointId: partition?.S?.split('#')[0] ?? '',
      messageId: (messageId ?? message)?.S ?? '',
      attemptId: attemptId?.S ?? '',
      attemptNumber: Number(number?.N),
      outcome: error === undefined ? 'recorded' : isRefused(error) ? 'exists' : 'failed',
    });
  };

const isRefused = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ConditionalCheckFailedException';
