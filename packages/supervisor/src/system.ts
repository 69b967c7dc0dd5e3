import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type DataFolder, prepareDataFolder } from './data-folder.ts';
import { type Account, accountFor, type LocalCloud, writeLocalCloud } from './local-cloud-file.ts';
import { findFreePort } from './ports.ts';
import { type ProcessChange, type SupervisedProcess, superviseProcess } from './processes/supervised-process.ts';
import { type Service, serviceProcess, services } from './services.ts';
import type { Settings } from './settings.ts';
import { type Stores, startStores } from './stores.ts';

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

/**
 * Starts the stores and every service and answers when all of them are ready; stops what it started when one fails.
 *
 * @param giveUp - ends a start that is not over yet
 * @throws PortTaken, JavaMissing, or the reason of `giveUp`
 */
export async function startSystem(settings: Settings, observer: SystemObserver, giveUp: AbortSignal): Promise<System> {
  const port = await findFreePort(settings.port);
  const folder = await prepareDataFolder(resolve(settings.dataDir), new Date());
  const account = accountFor(settings.store, process.env);
  // What a store in memory held is gone, and with it what the checkpoints point to.
  if (settings.store === 'local') await rm(folder.checkpoints, { recursive: true, force: true });
  const stores = await startStores({ ...settings, stage: localStage, account });
  const parts: SupervisedProcess[] = [];
  const stop = async () => {
    await Promise.all(parts.map((part) => part.stop()));
    await Promise.all(stores.stops.map((stopStore) => stopStore()));
  };
  try {
    const cloud = describeCloud({ url: `http://localhost:${port}`, stores, account });
    giveUp.throwIfAborted();
    const { failed } = await startServices({ settings, observer, folder, stores, cloud, port, parts, giveUp });
    return { url: cloud.url, folder, failed, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Start {
  readonly settings: Settings;
  readonly observer: SystemObserver;
  readonly folder: DataFolder;
  readonly stores: Stores;
  readonly cloud: Omit<LocalCloud, 'processes'>;
  readonly port: number;
  /** Gets every service that was started, ready or not. */
  readonly parts: SupervisedProcess[];
  readonly giveUp: AbortSignal;
}

async function startServices(start: Start): Promise<Pick<System, 'failed'>> {
  const { observer, folder, stores, cloud, parts, giveUp } = start;
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  giveUp.addEventListener('abort', () => failure.reject(giveUp.reason), { once: true });
  stores.lost.then((how) => failure.reject(new Error(`DynamoDB Local ended (${how}), and what it held with it`)));
  let described = Promise.resolve();
  // One after the other: the last one to be asked for is the one that stays.
  const describe = () => {
    described = described.then(() => writeLocalCloud(folder, { ...cloud, processes: processesOf(parts, stores) }));
    return described;
  };
  const onChange = (change: ProcessChange) => {
    observer.onChange(change);
    if (change.kind === 'started') describe().catch(failure.reject);
    if (change.kind === 'gave-up') failure.reject(new Error(`${change.name} does not start: its output stands above`));
  };
  await Promise.race([Promise.all(services.map((service) => startService(start, service, onChange))), failure.promise]);
  await describe();
  return { failed: failure.promise };
}

async function startService(
  { settings, observer, folder, cloud, port, parts }: Start,
  service: Service,
  onChange: (change: ProcessChange) => void,
): Promise<void> {
  const httpPort = service === 'api' ? port : await findFreePort();
  const definition = await serviceProcess(service, { settings, folder, cloud, httpPort });
  const part = superviseProcess({ ...definition, onLine: (line) => observer.onLine(service, line), onChange });
  parts.push(part);
  await part.ready();
}

const describeCloud = ({ url, stores, account }: { url: string; stores: Stores; account: Account }) => ({
  ...account,
  url,
  stage: localStage,
  dynamodb: stores.dynamodb,
  sqs: stores.sqs,
  s3: stores.sqs,
});

const processesOf = (parts: readonly SupervisedProcess[], { processes }: Stores): Readonly<Record<string, number>> => ({
  supervisor: process.pid,
  ...processes,
  ...Object.fromEntries(
    parts.flatMap(({ name, pid }) => {
      const own = pid();
      return own === undefined ? [] : [[name, own]];
    }),
  ),
});
