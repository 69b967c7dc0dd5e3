import { type DynamoDBDocumentClient, ScanCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamodbStore } from '@posthorn/receiver/dynamodb';
import { tables } from './tables.ts';

/** What is sent with the event type `payment.received`. */
interface Payment {
  readonly account: string;
  readonly amount: number;
}

/**
 * Adds a payment to the balance of its account, and completes its message, in one transaction: if the program dies, both
 * are done or neither is.
 */
export async function addPayment(
  client: DynamoDBDocumentClient,
  { account, amount }: Payment,
  completion: ReturnType<DynamodbStore['completion']>,
): Promise<void> {
  const addition = {
    Update: {
      TableName: tables.balances,
      Key: { account },
      UpdateExpression: 'ADD balance :amount',
      ExpressionAttributeValues: { ':amount': amount },
    },
  };
  await client.send(new TransactWriteCommand({ TransactItems: [addition, completion] }));
}

/** Account => balance. */
export async function listBalances(client: DynamoDBDocumentClient): Promise<Readonly<Record<string, number>>> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tables.balances }));
  return Object.fromEntries(Items.map(({ account, balance }) => [account, balance]));
}
