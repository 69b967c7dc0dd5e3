import { setStoreEnvironment } from './test-environment.mjs';

/** Starts DynamoDB Local once for all test files, or takes the store at POSTHORN_TEST_DYNAMODB. */
export default async function startStore() {
  const given = process.env.POSTHORN_TEST_DYNAMODB;
  if (given) {
    setStoreEnvironment(given);
    return;
  }
  const { startDynamodbLocal } = await import('@posthorn/local-cloud/stores/dynamodb-local');
  const store = await startDynamodbLocal({ inMemory: true });
  globalThis.stopTestStore = store.stop;
  setStoreEnvironment(store.endpoint);
}
