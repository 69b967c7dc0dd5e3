import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { addUnits, askForCapacity, type Units } from '../capacity.ts';

/** The calls of a function to AWS. */
export interface Calls {
  /** Units by table or `table/index`. */
  readonly units: ReadonlyMap<string, Units>;
  /** Requests to SQS. */
  readonly queueRequests: number;
  /** How often the function began to wait for DynamoDB or SQS: calls at the same time are one. */
  readonly waits: { readonly dynamodb: number; readonly sqs: number };
}

export interface CallObserver {
  /** The calls since it was last asked. */
  take(): Calls;
}

/** Observes the calls of two clients, which then ask for the consumed capacity. */
export function observeCalls({
  tables,
  queues,
}: {
  readonly tables: DynamoDBClient;
  readonly queues: SQSClient;
}): CallObserver {
  let units: ReadonlyMap<string, Units> = new Map();
  let queueRequests = 0;
  let waits = { dynamodb: 0, sqs: 0 };
  const running = { dynamodb: 0, sqs: 0 };

  async function during<Answer>(service: 'dynamodb' | 'sqs', call: () => Promise<Answer>): Promise<Answer> {
    if (running[service] === 0) waits[service] += 1;
    running[service] += 1;
    try {
      return await call();
    } finally {
      running[service] -= 1;
    }
  }

  tables.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (call) => {
        const action = commandName.replace(/Command$/, '');
        const input = askForCapacity(action, { ...call.input });
        const answer = await during('dynamodb', () => next({ ...call, input: input as typeof call.input }));
        units = addUnits(units, { action, answer: answer.output });
        return answer;
      },
    { step: 'initialize' },
  );
  queues.middlewareStack.add(
    (next) => async (call) => {
      queueRequests += 1;
      return during('sqs', () => next(call));
    },
    { step: 'initialize' },
  );

  return {
    take() {
      const taken = { units, queueRequests, waits };
      units = new Map();
      queueRequests = 0;
      waits = { dynamodb: 0, sqs: 0 };
      return taken;
    },
  };
}
