import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamodbStore } from '@posthorn/receiver/dynamodb';
import { webhooks } from '@posthorn/receiver/express';
import express from 'express';
import { addPayment, listBalances } from './balances.ts';
import { createTables, tables } from './tables.ts';

const { PORT = '9000', WEBHOOK_KEYS = '' } = process.env;
const client = DynamoDBDocumentClient.from(new DynamoDBClient());
await createTables(client);

const store = dynamodbStore({ client, tableName: tables.webhooks });
const receiver = webhooks({
  keys: WEBHOOK_KEYS.split(','), // one, or the old and the new one while you replace it
  store,
  scope: 'balances', // the name of this handler: others may use the same table
  leaseSeconds: 5, // the default is 30: with 5, the clocks of your machines must agree within a second
  handle: (message, run) => addPayment(client, message.json(), store.completion(run)),
});

const app = express();
app.post('/webhooks', receiver); // before express.json(): the signature covers the bytes of the body
app.use(express.json());

app.get('/balances', async (_request, response) => {
  response.json(await listBalances(client));
});
app.listen(Number(PORT), 'localhost', () => {
  process.stdout.write(`Receives messages at http://localhost:${PORT}/webhooks\n`);
});
