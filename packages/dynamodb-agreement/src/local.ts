import { type DynamodbLocal, startDynamodbLocal } from '@posthorn/local-cloud/stores/dynamodb-local';
import { JavaMissing, requireJava } from '@posthorn/local-cloud/stores/java';

/**
 * How to start DynamoDB Local, or nothing where there is no Java for it.
 *
 * @param sayMissing - whether to say so loudly: one of the tests does
 */
export async function findDynamodbLocal(sayMissing: boolean): Promise<(() => Promise<DynamodbLocal>) | undefined> {
  try {
    await requireJava('java');
    return () => startDynamodbLocal({ inMemory: true });
  } catch (error) {
    if (!(error instanceof JavaMissing)) throw error;
    if (sayMissing) process.stderr.write(`AGREEMENT WITH DYNAMODB LOCAL NOT CHECKED: no Java. ${error.message}\n`);
    return undefined;
  }
}
