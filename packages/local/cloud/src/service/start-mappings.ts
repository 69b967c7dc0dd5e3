import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Faults, Invoke, Log, Mapping, PollingPace, RunningMapping } from '@posthorn/local-event-sources';
import {
  type CheckpointStore,
  createFileCheckpointStore,
  createMemoryCheckpointStore,
  createRemoteCheckpointStore,
  createRemoteStreams,
  runQueueMapping,
  runStreamMapping,
  sendToQueue,
} from '@posthorn/local-event-sources';

/** Where the queues and tables of the mappings are. */
export interface Cloud {
  readonly sqsEndpoint: string | undefined;
  readonly dynamodbEndpoint: string | undefined;
  readonly region: string;
}

export interface MappingsDeps {
  readonly cloud: Cloud;
  readonly invoke: (functionKey: string) => Invoke;
  readonly faults: Faults;
  readonly log: Log;
  readonly pace: PollingPace;
  readonly checkpoints: CheckpointPlace;
}

/** Where the checkpoints of streams are kept: in a folder, in a local cloud, or in memory. */
export type CheckpointPlace =
  | { readonly folder: string }
  | { readonly url: string; readonly token: string }
  | undefined;

/** The endpoint of a mapping is not set. Without it, the SDK would use an AWS account. */
class EndpointMissing extends Error {
  constructor(variable: string) {
    super(`${variable} must be set to the local endpoint: event sources never read an AWS account`);
    this.name = 'EndpointMissing';
  }
}

/**
 * Runs all mappings of a service. Each one waits for its own queue or table.
 *
 * @throws EndpointMissing
 */
export function startMappings(mappings: readonly Mapping[], deps: MappingsDeps): RunningMapping {
  requireEndpoints(mappings, deps.cloud);
  const clients = createClients(deps.cloud);
  const stopping = new AbortController();
  const running = mappings.map((mapping) => {
    const mappingDeps = { ...clients, invoke: deps.invoke(mapping.functionKey), faults: deps.faults, log: deps.log };
    if (mapping.kind === 'queue') return runQueueMapping(mapping, mappingDeps);
    return runStreamMapping(mapping, {
      ...mappingDeps,
      streams: createRemoteStreams(clients, stopping.signal),
      sendToQueue: (queueName, text) => sendToQueue(clients.sqs, queueName, text),
      pace: deps.pace,
      checkpoints: openCheckpoints(deps.checkpoints, `${mapping.functionKey}.${mapping.tableName}`),
    });
  });
  return {
    async stop(graceMs) {
      const stopped = running.map((mapping) => mapping.stop(graceMs));
      // After each mapping knows that it stops: an ended read is no problem then.
      stopping.abort();
      await Promise.all(stopped);
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

function openCheckpoints(place: CheckpointPlace, name: string): CheckpointStore {
  if (place === undefined) return createMemoryCheckpointStore();
  if ('url' in place) return createRemoteCheckpointStore(place, name);
  return createFileCheckpointStore(join(place.folder, `${name}.json`));
}

function requireEndpoints(mappings: readonly Mapping[], { sqsEndpoint, dynamodbEndpoint }: Cloud): void {
  const needsSqs = mappings.some((mapping) => mapping.kind === 'queue' || mapping.onFailureQueue !== undefined);
  if (needsSqs && !sqsEndpoint) throw new EndpointMissing('AWS_ENDPOINT_URL_SQS');
  const needsDynamodb = mappings.some(({ kind }) => kind === 'stream');
  if (needsDynamodb && !dynamodbEndpoint) throw new EndpointMissing('AWS_ENDPOINT_URL_DYNAMODB');
}

/** Local endpoints accept any keys: those of the environment, or made-up ones. */
function createClients({ sqsEndpoint, dynamodbEndpoint, region }: Cloud) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
  const credentials = { accessKeyId: accessKeyId || 'local', secretAccessKey: secretAccessKey || 'local' };
  const common = { region, credentials };
  const dynamodb = { ...common, ...(dynamodbEndpoint === undefined ? {} : { endpoint: dynamodbEndpoint }) };
  return {
    sqs: new SQSClient({
      ...common,
      ...(sqsEndpoint === undefined ? {} : { endpoint: sqsEndpoint }),
      // The host name in the URL of a local queue may not resolve.
      useQueueUrlAsEndpoint: false,
    }),
    dynamodb: new DynamoDBClient(dynamodb),
    streams: new DynamoDBStreamsClient(dynamodb),
  };
}
