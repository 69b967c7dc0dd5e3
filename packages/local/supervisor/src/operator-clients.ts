import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { SQSClient } from '@aws-sdk/client-sqs';
import { dataFolderAt } from './data-folder.ts';
import { localStage } from './host-options.ts';
import { readLocalCloud } from './local-cloud-file.ts';

/** Clients for the tables and queues of one stage. */
export interface OperatorClients {
  readonly stage: string;
  readonly tables: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly queues: SQSClient;
  close(): void;
}

/**
 * Connects to the system that runs with the data folder, or for another stage to the account of the environment, with its
 * default credentials.
 */
export async function connectOperator(stage: string, dataDir: string): Promise<OperatorClients> {
  const { dynamodb, sqs, options } = await placesOf(stage, dataDir);
  const tables = new DynamoDBClient({ ...options, ...(dynamodb !== undefined && { endpoint: dynamodb }) });
  const streams = new DynamoDBStreamsClient({ ...options, ...(dynamodb !== undefined && { endpoint: dynamodb }) });
  const queues = new SQSClient({ ...options, ...(sqs !== undefined && { endpoint: sqs }) });
  return {
    stage,
    tables,
    streams,
    queues,
    close() {
      tables.destroy();
      streams.destroy();
      queues.destroy();
    },
  };
}

async function placesOf(stage: string, dataDir: string) {
  if (stage !== localStage) return { options: {} };
  const cloud = await readLocalCloud(dataFolderAt(dataDir));
  if (cloud === undefined)
    throw new Error(
      `No Posthorn runs with the data folder ${dataDir}. Start it: npx pnpm@12 start. For AWS, name its stage: --stage`,
    );
  const { dynamodb, sqs, region, system } = cloud;
  return { dynamodb, sqs, options: { region, credentials: system } };
}
