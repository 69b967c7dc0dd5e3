import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { startDynamodbLocal } from '@posthorn/local-cloud/stores/dynamodb-local';
import { startSqs } from '@posthorn/local-cloud/stores/sqs';
import { createDynamoClient } from '@posthorn/models/client';
import { createTables } from '@posthorn/models/tables';
import { type DataFolder, prepareDataFolder } from './data-folder.ts';
import { localQueues } from './local-queues.ts';
import { localAccount, writeLocalCloud } from './local-cloud-file.ts';
import { findFreePort } from './ports.ts';
import { type ProcessChange, type SupervisedProcess, superviseProcess } from './processes/supervised-process.ts';
import { type Service, serviceProcess, services } from './services.ts';
import type { Settings } from './settings.ts';

/** The stage that a local system's tables and queues are named for. */
export const localStage = 'local';

/** A whole system, running. */
export interface System {
  readonly url: string;
  readonly folder: DataFolder;
  /** Rejects when a part is gone that cannot be started again. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

export interface SystemObserver {
  readonly onLine: (service: string, line: string) => void;
  readonly onChange: (change: ProcessChange) => void;
}

type Stop = () => Promise<void>;

/** Starts the stores and every service and answers when all of them are ready; stops what it started when one fails. */
export async function startSystem(settings: Settings, observer: SystemObserver): Promise<System> {
  const stops: Stop[] = [];
  const stop = async () => {
    for (const stopPart of stops.splice(0).reverse()) await stopPart();
  };
  try {
    return await startParts({ settings, observer, stops, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Start {
  readonly settings: Settings;
  readonly observer: SystemObserver;
  readonly stops: Stop[];
  readonly stop: Stop;
}

async function startParts({ settings, observer, stops, stop }: Start): Promise<System> {
  const port = await findFreePort(settings.port);
  const url = `http://localhost:${port}`;
  const folder = await prepareDataFolder(resolve(settings.dataDir), new Date());
  const [store, sqs] = await Promise.all([startStore(settings, folder, stops), startQueues(stops)]);
  const cloud = { ...localAccount, url, stage: localStage, dynamodb: store.endpoint, sqs, s3: sqs };
  const supervised: SupervisedProcess[] = [];
  const writeFile = () =>
    writeLocalCloud(folder, { ...cloud, processes: { supervisor: process.pid, ...pidsOf(supervised), ...store.process } });
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  store.exited.then((how) => failure.reject(new Error(`DynamoDB Local ended (${how}), and what it held with it`)));
  const onChange = (change: ProcessChange) => {
    observer.onChange(change);
    if (change.kind === 'started') writeFile().catch(failure.reject);
    if (change.kind === 'gave-up') failure.reject(new Error(`${change.name} does not start: its output stands above`));
  };
  const start = async (service: Service) => {
    const definition = await serviceProcess(service, {
      settings,
      folder,
      cloud,
      httpPort: service === 'api' ? port : await findFreePort(),
    });
    const onLine = (line: string) => observer.onLine(service, line);
    const part = superviseProcess({ ...definition, onLine, onChange });
    supervised.push(part);
    stops.push(part.stop);
    await part.ready();
  };
  await Promise.race([Promise.all(services.map(start)), failure.promise]);
  await writeFile();
  return { url, folder, failed: failure.promise, stop };
}

const pidsOf = (parts: readonly SupervisedProcess[]): Record<string, number> =>
  Object.fromEntries(
    parts.flatMap(({ name, pid }) => {
      const own = pid();
      return own === undefined ? [] : [[name, own]];
    }),
  );
