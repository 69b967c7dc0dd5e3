import { type DynamodbLocal, startDynamodbLocal } from '@posthorn/local-cloud/stores/dynamodb-local';
import { findJavaProblem } from '@posthorn/local-cloud/stores/java';

/**
 * How to start DynamoDB Local, or nothing where there is no Java for it.
 *
 * @param sayMissing - whether to say so loudly: one of the tests does
 */
export async function findDynamodbLocal(sayMissing: boolean): Promise<(() => Promise<DynamodbLocal>) | undefined> {
  const problem = await findJavaProblem();
  if (problem === undefined) return () => startDynamodbLocal({ inMemory: true });
  if (sayMissing) process.stderr.write(`AGREEMENT WITH DYNAMODB LOCAL NOT CHECKED: no Java. ${problem}\n`);
  return undefined;
}
