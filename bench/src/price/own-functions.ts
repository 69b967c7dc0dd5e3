import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadFunctions } from '@posthorn/local-host/load-functions';
import { createDynamoClient } from '@posthorn/models/client';
import { createCounters } from '@posthorn/platform';
import { createQueueClient } from '@posthorn/queues';
import { ensureSecretFile } from '@posthorn/secrets/local-files';
import { readSecretFile } from '@posthorn/secrets/secret-file';
import { signToken } from '@posthorn/secrets/tokens';
import { observeCalls } from './observe-calls.ts';
import { priceStage, type StoreAddresses } from './store-addresses.ts';

const root = join(import.meta.dirname, '../../..');
const secretBytes = 32;
const tokenMs = 24 * 3_600_000;

/** All functions as Lambda runs them: each call to AWS is a request over HTTP, and log lines go to the output. */
export async function startFunctions(addresses: StoreAddresses) {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-price-'));
  const [jwtSecretFile, masterKeyFile] = [join(folder, 'jwt-secret'), join(folder, 'master-key')];
  await Promise.all([jwtSecretFile, masterKeyFile].map((file) => ensureSecretFile(file, secretBytes)));
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: addresses.dynamodb,
    AWS_ENDPOINT_URL_SQS: addresses.sqs,
    // The level that the templates give the functions of this path.
    POWERTOOLS_LOG_LEVEL: 'WARN',
    // It is an item of its own in the price.
    POSTHORN_ACCESS_LOG: 'off',
  });
  const environment = {
    ...process.env,
    POSTHORN_STAGE: priceStage,
    POSTHORN_JWT_SECRET_FILE: jwtSecretFile,
    POSTHORN_MASTER_KEY_FILE: masterKeyFile,
    POSTHORN_ALLOWED_SUBNETS: '127.0.0.0/8',
    POSTHORN_ALLOW_HTTP: 'true',
  };
  const [tables, queues] = [createDynamoClient(), createQueueClient()];
  const observer = observeCalls({ tables, queues });
  const host = { environment, tables, queues, createCounters, sources: [] };
  const functions = await loadFunctions(root, host);
  const token = await signToken({
    secret: await readSecretFile(jwtSecretFile),
    organisationId: 'org_37dGaloozjdUNL1mWUnY3LBZRGm',
    issuedAt: new Date(),
    expiresAt: new Date(Date.now() + tokenMs),
  });
  return {
    functions,
    observer,
    token,
    stop: async () => {
      tables.destroy();
      queues.destroy();
      await rm(folder, { recursive: true });
    },
  };
}
