import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { createInProcessClient, openEmbeddedDynamodb } from '@posthorn/local-dynamodb';
import type { TablesClient } from '@posthorn/models/client';
import { createStatisticsRepository } from '@posthorn/models/statistics';
import { createTables } from '@posthorn/models/tables';
import { aCountedAttempt, ids, secondsLater } from '@posthorn/testing';

const batches = 20;
const attemptsInBatch = 100;
const partitions = 16;
const eventTypes = ['invoice.created', 'invoice.finalized', 'invoice.paid', 'invoice.payment_failed'];
const stage = 'bench';

/** The write units of the statistics per attempt, for batches of 100 attempts at one endpoint, in one hour. */
export async function measureStatisticsCost(): Promise<number> {
  const dynamodb = await openEmbeddedDynamodb({});
  // It takes the same commands as the SDK's client; only the SDK's type knows more.
  const client = createInProcessClient(dynamodb) as unknown as TablesClient;
  try {
    await createTables(client, stage);
    let units = 0;
    const send = async (command: UpdateItemCommand) => {
      if (!(command instanceof UpdateItemCommand)) return client.send(command);
      const update = new UpdateItemCommand({ ...command.input, ReturnConsumedCapacity: 'TOTAL' });
      const answer = await client.send(update);
      units += answer.ConsumedCapacity?.CapacityUnits ?? 0;
      return answer;
    };
    // The repository calls only `send`.
    const { count } = createStatisticsRepository({ client: { send } as unknown as TablesClient, stage });
    for (let batch = 0; batch < batches; batch += 1) {
      const failures = await count(aBatch(batch * attemptsInBatch));
      if (failures.length > 0) throw failures[0]?.error;
    }
    return units / (batches * attemptsInBatch);
  } finally {
    await dynamodb.close();
  }
}

const aBatch = (first: number) =>
  Array.from({ length: attemptsInBatch }, (_, index) => {
    const n = first + index;
    return aCountedAttempt({
      eventType: eventTypes[n % eventTypes.length] ?? '',
      source: `${ids.endpoint}#${(n * 7) % partitions}`,
      // As long as those of AWS.
      sequenceNumber: String(10n ** 24n + BigInt(n)),
      succeeded: n % 10 > 0,
      attemptedAt: secondsLater(n),
    });
  });
