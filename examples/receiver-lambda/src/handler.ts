import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbStore } from '@posthorn/receiver/dynamodb';
import { createLambdaReceiver } from '@posthorn/receiver/lambda';
import { createSavePayment } from './save-payment.ts';

const { WEBHOOK_KEYS = '', WEBHOOKS_TABLE = '', PAYMENTS_TABLE = '' } = process.env;
const client = new DynamoDBClient();

export const handler = createLambdaReceiver({
  keys: WEBHOOK_KEYS.split(','),
  store: dynamodbStore({ client, tableName: WEBHOOKS_TABLE }),
  scope: 'payments',
  leaseSeconds: 5,
  handle: createSavePayment(client, PAYMENTS_TABLE),
});
