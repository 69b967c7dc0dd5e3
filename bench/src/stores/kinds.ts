import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDynamodbLocal } from '@posthorn/local-cloud/stores/dynamodb-local';
import { findJavaProblem } from '@posthorn/local-cloud/stores/java';
import { startMortalServer } from '@posthorn/local-dynamodb/testing/mortal-server';

/** A store in its own process, started for a measurement. */
interface RunningStore {
  readonly endpoint: string;
  stop(): Promise<void>;
}

export interface StoreKind {
  readonly name: 'embedded, folder' | 'embedded, memory' | 'local';
  start(): Promise<RunningStore>;
  /** Prepares a store for a whole system: returns the system's settings, and how to stop the store afterwards. */
  startForSystem(): Promise<{ readonly environment: NodeJS.ProcessEnv; stop(): Promise<void> }>;
}

const nothing = async () => undefined;

const embeddedInFolder: StoreKind = {
  name: 'embedded, folder',
  async start() {
    const folder = await mkdtemp(join(tmpdir(), 'posthorn-bench-'));
    const { endpoint, kill } = await startMortalServer({ folder });
    return { endpoint, stop: () => kill().then(() => rm(folder, { recursive: true, force: true })) };
  },
  startForSystem: async () => ({ environment: { POSTHORN_DYNAMODB: 'embedded' }, stop: nothing }),
};

const embeddedInMemory: StoreKind = {
  name: 'embedded, memory',
  async start() {
    const { endpoint, kill } = await startMortalServer({});
    return { endpoint, stop: kill };
  },
  async startForSystem() {
    const { endpoint, kill } = await startMortalServer({ streamWaitMs: 500 });
    return { environment: { POSTHORN_DYNAMODB: endpoint }, stop: kill };
  },
};

const dynamodbLocal: StoreKind = {
  name: 'local',
  start: () => startDynamodbLocal({ inMemory: true }),
  startForSystem: async () => ({ environment: { POSTHORN_DYNAMODB: 'local' }, stop: nothing }),
};

/** The stores to compare. Without Java, DynamoDB Local is left out and one line says so. */
export async function storeKinds(): Promise<readonly StoreKind[]> {
  const problem = await findJavaProblem();
  if (problem === undefined) return [embeddedInFolder, embeddedInMemory, dynamodbLocal];
  console.log(`DynamoDB Local is not measured: ${problem}`);
  return [embeddedInFolder, embeddedInMemory];
}
