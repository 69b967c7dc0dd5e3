// A receiver in its own process, which a test kills. The arguments are the endpoint of DynamoDB, the id of a message, and
// the point in the handler at which it stops and prints a line.
import { createReceiver } from '../../receive/receiver.ts';
import { dynamodbStore } from '../dynamodb-store.ts';
import { type CrashPoint, createEffects } from './effects.ts';
import { createClient, tableName } from './start-table.ts';
import { aMessage, receiverOptions } from './test-message.ts';

const [, , endpoint = '', id = '', crashPoint] = process.argv as [string, string, string, string, CrashPoint];
const client = createClient(endpoint);
const store = dynamodbStore({ client, tableName });
const { add, addWith } = createEffects(client);

const stopHere = (): Promise<never> => {
  process.stdout.write(`${crashPoint}\n`);
  return new Promise(() => undefined);
};

const receive = createReceiver({
  ...receiverOptions,
  store,
  handle: async (message, run) => {
    if (crashPoint === 'after the claim') return stopHere();
    if (crashPoint === 'after the effect') await add(message.id);
    else await addWith(store.marshalledCompletion(run), message.id);
    return stopHere();
  },
});
process.once('disconnect', () => process.exit());
await receive(aMessage(id));
