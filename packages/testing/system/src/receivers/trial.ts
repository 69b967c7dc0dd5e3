import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalCloud } from '@posthorn/local-supervisor/local-cloud-file';
import { findFreePort } from '@posthorn/local-supervisor/ports';
import type { Svix } from 'svix';
import { openFrontDoor } from './front-door.ts';
import { type Kill, type KilledReceiver, runKilledReceiver } from './killed-receiver.ts';
import { type ProgramName, programs, stepOf } from './programs.ts';
import { startWriteProxy } from './write-proxy.ts';

/** A receiver that is killed by a plan, and its endpoint. */
export interface Trial {
  readonly endpointId: string;
  /** Where its endpoint is. */
  readonly url: string;
  /** The receiver's own folder. */
  readonly folder: string;
  readonly receiver: KilledReceiver;
  stop(): Promise<void>;
}

interface TrialOptions {
  readonly svix: Svix;
  readonly applicationId: string;
  readonly cloud: LocalCloud;
  readonly plan: readonly Kill[];
}

/** Creates an endpoint of the application, and starts its receiver. */
export async function startTrial(
  name: ProgramName,
  { svix, applicationId, cloud, plan }: TrialOptions,
): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-receiver-'));
  const port = await findFreePort();
  const door = await openFrontDoor(port);
  const url = `http://localhost:${door.port}/webhooks`;
  const endpoint = await svix.endpoint.create(applicationId, { url });
  const { key } = await svix.endpoint.getSecret(applicationId, endpoint.id);
  const proxy = await startWriteProxy(cloud.dynamodb, (write) => receiver.continueAfter(stepOf(write)));
  const aws = {
    AWS_ENDPOINT_URL_DYNAMODB: proxy.url,
    AWS_REGION: cloud.region,
    AWS_ACCESS_KEY_ID: cloud.accessKeyId,
    AWS_SECRET_ACCESS_KEY: cloud.secretAccessKey,
  };
  const receiver = runKilledReceiver((next) => programs[name]({ port, key, aws, folder, next }), plan);
  return {
    endpointId: endpoint.id,
    url,
    folder,
    receiver,
    stop: async () => {
      await receiver.stop();
      await Promise.all([door.stop(), proxy.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
