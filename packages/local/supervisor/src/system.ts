import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type DataFolder, dataFolderAt, prepareDataFolder, storeFolder } from './data-folder.ts';
import { lockDataFolder } from './data-folder-lock.ts';
import { type Account, accountFor, type LocalCloud, writeLocalCloud } from './local-cloud-file.ts';
import { findApiPort, findFreePort } from './ports.ts';
import { waitForPredecessor } from './predecessor.ts';
import { type ProcessChange, type SupervisedProcess, superviseProcess } from './processes/supervised-process.ts';
import { type Service, type ServiceContext, serviceProcess, services } from './services.ts';
import type { Settings } from './settings.ts';
import { type Stores, startStores } from './stores/start-stores.ts';
import { urlOf } from './url-of.ts';

/** The stage in the names of a local system's tables and queues. */
export const localStage = 'local';

/** A running system. */
export interface System {
  readonly url: string;
  readonly folder: DataFolder;
  /** Rejects when a part has ended that cannot be started again. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

export interface SystemObserver {
  readonly onLine: (service: string, line: string) => void;
  readonly onChange: (change: ProcessChange) => void;
}

/**
 * Starts the stores and all services. Resolves when all are ready. If one fails, it stops the others.
 *
 * @param giveUp - cancels a start that is not ready yet
 * @throws DataFolderTaken, PortTaken, JavaMissing, or the reason of `giveUp`
 */
export async function startSystem(settings: Settings, observer: SystemObserver, giveUp: AbortSignal): Promise<System> {
  const path = resolve(settings.dataDir);
  const unlock = await lockDataFolder(path);
  try {
    await waitForPredecessor(dataFolderAt(path));
    const port = await findApiPort(settings);
    const folder = await prepareDataFolder(path, new Date());
    const system = await startParts({ settings, observer, giveUp, folder, port });
    return { ...system, stop: () => system.stop().finally(unlock) };
  } catch (error) {
    unlock();
    throw error;
  }
}

interface Start {
  readonly settings: Settings;
  readonly observer: SystemObserver;
  readonly giveUp: AbortSignal;
  readonly folder: DataFolder;
  readonly port: number;
}

async function startParts(start: Start): Promise<System> {
  const { settings, observer, giveUp, folder, port } = start;
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  giveUp.addEventListener('abort', () => failure.reject(giveUp.reason), { once: true });
  const parts: SupervisedProcess[] = [];
  const description = createDescription(folder, () => parts);
  const onChange = (change: ProcessChange) => {
    observer.onChange(change);
    if (change.kind === 'started') description.update().catch(failure.reject);
    if (change.kind === 'gave-up')
      failure.reject(new Error(change.problem ?? `${change.name} did not start: see its output above`));
  };
  const account = accountFor(settings.store, process.env);
  const own = storeFolder(folder, settings.store);
  // The records that the checkpoints point to were in memory and are gone.
  if (settings.store === 'local') await rm(own.checkpoints, { recursive: true, force: true });
  const onLine = (line: string) => observer.onLine('dynamodb', line);
  const stores = await startStores({ settings, folder: own, stage: localStage, account, onLine, onChange });
  const stop = async () => {
    await Promise.all(parts.map((part) => part.stop()));
    await stores.stop();
    await description.close();
  };
  try {
    stores.lost.then((how) => failure.reject(new Error(`DynamoDB Local ended (${how}), and its data is lost`)));
    const cloud = describeCloud({ url: urlOf(settings.host, port), stores, account });
    description.open(cloud, stores);
    giveUp.throwIfAborted();
    const context = { settings, folder, checkpoints: own.checkpoints, cloud };
    const begin = (service: Service) => startService({ service, context, observer, onChange, port, parts });
    await Promise.race([Promise.all([stores.ready, ...services.map(begin)]), failure.promise]);
    await description.update();
    return { url: cloud.url, folder, failed: failure.promise, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface ServiceStart {
  readonly service: Service;
  readonly context: ServiceContext;
  readonly observer: SystemObserver;
  readonly onChange: (change: ProcessChange) => void;
  readonly port: number;
  /** Every started service is added here, before it is ready. */
  readonly parts: SupervisedProcess[];
}

async function startService({ service, context, observer, onChange, port, parts }: ServiceStart): Promise<void> {
  const httpPort = service === 'api' ? port : await findFreePort();
  const definition = await serviceProcess(service, { ...context, httpPort });
  const part = superviseProcess({ ...definition, onLine: (line) => observer.onLine(service, line), onChange });
  parts.push(part);
  await part.ready();
}

/** Keeps `local-cloud.json` up to date once the stores have started. */
function createDescription(folder: DataFolder, parts: () => readonly SupervisedProcess[]) {
  let current: { readonly cloud: Omit<LocalCloud, 'processes'>; readonly stores: Stores } | undefined;
  let written = Promise.resolve();
  // The writes run one after the other, so that the last one wins.
  const write = (processes: (stores: Stores) => LocalCloud['processes']) => {
    if (current === undefined) return written;
    const { cloud, stores } = current;
    written = written.then(() => writeLocalCloud(folder, { ...cloud, processes: processes(stores) }));
    return written;
  };
  return {
    open(cloud: Omit<LocalCloud, 'processes'>, stores: Stores): void {
      current = { cloud, stores };
    },
    update: () => write((stores) => processesOf(parts(), stores)),
    /** Removes all process ids, so that the next start does not wait for them. */
    close: () => write(() => ({})),
  };
}

const describeCloud = ({ url, stores, account }: { url: string; stores: Stores; account: Account }) => ({
  ...account,
  url,
  stage: localStage,
  dynamodb: stores.dynamodb,
  sqs: stores.sqs,
  s3: stores.sqs,
});

const processesOf = (parts: readonly SupervisedProcess[], stores: Stores): Readonly<Record<string, number>> => ({
  supervisor: process.pid,
  ...stores.processes(),
  ...Object.fromEntries(
    parts.flatMap(({ name, pid }) => {
      const own = pid();
      return own === undefined ? [] : [[name, own]];
    }),
  ),
});
