import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { VerifiedMessage } from '@posthorn/receiver';

/** What is sent with the event type `payment.received`. */
interface Payment {
  readonly account: string;
  readonly amount: number;
}

/**
 * Saves the payment of a message. The message's id is the key of the item, so a message that comes again changes nothing,
 * also if the function died before it could note that the message is done.
 */
export const createSavePayment = (client: DynamoDBClient, tableName: string) => async (message: VerifiedMessage) => {
  const { account, amount } = message.json<Payment>();
  try {
    await client.send(
      new PutItemCommand({
        TableName: tableName,
        Item: { messageId: { S: message.id }, account: { S: account }, amount: { N: String(amount) } },
        ConditionExpression: 'attribute_not_exists(messageId)',
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
};
