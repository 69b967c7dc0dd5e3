import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDynamodbLocal } from '@posthorn/local-cloud/stores/dynamodb-local';
import { findJavaProblem } from '@posthorn/local-cloud/stores/java';
import { startMortalServer } from '@posthorn/local-dynamodb/testing/mortal-server';

/** A store that was started to be measured, as a process of its own. */
interface RunningStore {
  readonly endpoint: string;
  stop(): Promise<void>;
}

export interface StoreKind {
  readonly name: 'embedded, folder' | 'embedded, memory' | 'local';
  start(): Promise<RunningStore>;
  /** What a whole system on such a store is started with, and how that store ends afterwards. */
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

/** The stores to compare: DynamoDB Local where there is Java for it, and one line where not. */
export async function storeKinds(): Promise<readonly StoreKind[]> {
  const problem = await findJavaProblem();
  if (problem === undefined) return [embeddedInFolder, embeddedInMemory, dynamodbLocal];
  console.log(`DynamoDB Local is not measured: ${problem}`);
  return [embeddedInFolder, embeddedInMemory];
}
