import { type DynamodbLocal, startDynamodbLocal } from '@posthorn/local-cloud/stores/dynamodb-local';
import { findJavaProblem } from '@posthorn/local-cloud/stores/java';

/**
 * Returns a function that starts DynamoDB Local, or `undefined` if there is no Java for it.
 *
 * @param sayMissing - whether to print that Java is missing. Only one of the test files does.
 */
export async function findDynamodbLocal(sayMissing: boolean): Promise<(() => Promise<DynamodbLocal>) | undefined> {
  const problem = await findJavaProblem();
  if (problem === undefined) return () => startDynamodbLocal({ inMemory: true });
  if (sayMissing) process.stderr.write(`AGREEMENT WITH DYNAMODB LOCAL NOT CHECKED: no Java. ${problem}\n`);
  return undefined;
}
