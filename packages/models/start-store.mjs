import { setStoreEnvironment } from './test-environment.mjs';

/**
 * Starts a store once for all test files. POSTHORN_TEST_DYNAMODB selects it, like POSTHORN_DYNAMODB for a system:
 * `embedded` (in this process and in memory, the default), `local` (DynamoDB Local, needs Java) or a URL.
 */
export default async function startStore() {
  const wanted = process.env.POSTHORN_TEST_DYNAMODB || 'embedded';
  const store = await open(wanted);
  globalThis.stopTestStore = store.stop;
  setStoreEnvironment(store.endpoint);
}

async function open(wanted) {
  if (wanted === 'embedded') {
    const { startDynamodbEmbedded } = await import('@posthorn/local-dynamodb/server');
    return startDynamodbEmbedded();
  }
  if (wanted === 'local') {
    const { startDynamodbLocal } = await import('@posthorn/local-cloud/stores/dynamodb-local');
    return startDynamodbLocal({ inMemory: true });
  }
  return { endpoint: wanted, stop: async () => undefined };
}
