import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readSources } from '@posthorn/change-events/file';
import { startDynamodbLocal } from '@posthorn/local-cloud/stores/dynamodb-local';
import { listOwnPorts } from '@posthorn/local-host/own-ports';
import { isDiskFull } from '@posthorn/local-storage';
import { describeCloud } from './cloud-description.ts';
import { type DataFolder, dataFolderAt, prepareDataFolder, storeOf, writeToken } from './data-folder.ts';
import { lockDataFolder } from './data-folder-lock.ts';
import { anyPorts, functionEnvironment, hostEnvironment, hostOptions, localStage } from './host-options.ts';
import { keysFor, type LocalCloud, readLocalCloud } from './local-cloud-file.ts';
import { ownOrganisation } from './organisation.ts';
import { findAfterKill, findApiPort, findStorePorts, findTablesPort, requireMetricsPort } from './ports.ts';
import { waitForPredecessor } from './predecessor.ts';
import { hostProcess, isListening, type Listening } from './processes/host-process.ts';
import { type ProcessChange, superviseProcess } from './processes/supervised-process.ts';
import type { ServiceProcesses, Services } from './services.ts';
import type { Settings } from './settings.ts';
import { noteStore, readStores } from './stores-of-folder.ts';
import { urlOf } from './url-of.ts';

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
  /** Says how far long work before the start is. */
  readonly onProgress: (text: string) => void;
}

/**
 * Starts the process that runs everything, and keeps it running. Resolves when it is ready.
 *
 * @param giveUp - cancels a start that is not ready yet
 * @param services - run the functions in processes of their own, which start when the host is ready
 * @throws DataFolderTaken, PortTaken, JavaMissing, InvalidSources, or the reason of `giveUp`
 */
export async function startSystem(
  settings: Settings,
  observer: SystemObserver,
  giveUp: AbortSignal,
  services?: Services,
): Promise<System> {
  const path = resolve(settings.dataDir);
  // It is read again where the functions run. Here a wrong file ends the start before anything runs.
  await readSources(resolve(settings.sourcesFile), { stage: localStage, organisationId: ownOrganisation() });
  const unlock = await lockDataFolder(path);
  try {
    const wasKilled = await waitForPredecessor(dataFolderAt(path));
    const port = await findAfterKill(wasKilled, () => findApiPort(settings));
    await findAfterKill(wasKilled, () => requireMetricsPort(settings.metricsPort));
    const folder = await prepareDataFolder(path, {
      now: Date.now,
      queuesElsewhere: settings.queueServer !== 'local',
      report: observer.onProgress,
      beforeChange: () => giveUp.throwIfAborted(),
    });
    const stores = await readStores(path);
    const system = await startParts({ settings, observer, giveUp, folder, port, stores, services });
    return { ...system, stop: () => system.stop().finally(unlock) };
  } catch (error) {
    unlock();
    throw isDiskFull(error) ? new NoSpace(path, error) : error;
  }
}

/** The disk is full. */
class NoSpace extends Error {
  constructor(path: string, cause: unknown) {
    super(`There is no space left on the disk of ${path}. Nothing is lost. Free some space, and start again`, {
      cause,
    });
    this.name = 'NoSpace';
  }
}

/** Writes what a folder gets when its store is ready. A used folder has it already, so that a full disk can be read. */
async function keepInFolder(folder: DataFolder, settings: Settings): Promise<void> {
  const store = storeOf(settings.store);
  try {
    if (store !== undefined) await noteStore(folder.path, store);
    await writeToken(folder, new Date());
  } catch (error) {
    if (!isDiskFull(error) || !existsSync(folder.tokenFile)) throw error;
  }
}

interface Start {
  readonly settings: Settings;
  readonly observer: SystemObserver;
  readonly giveUp: AbortSignal;
  readonly folder: DataFolder;
  readonly port: number;
  /** Stores of the folder that have data. */
  readonly stores: readonly string[];
  readonly services: Services | undefined;
}

async function startParts({ settings, observer, giveUp, folder, port, stores, services }: Start): Promise<System> {
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  giveUp.addEventListener('abort', () => failure.reject(giveUp.reason), { once: true });
  const keys = await keysFor(settings.store, folder, process.env);
  const { region, system, program = system } = keys;
  const lastCloud = await readLocalCloud(folder);
  const dynamodbLocal = settings.store === 'local' ? await startDynamodbLocal({ inMemory: true }) : undefined;
  dynamodbLocal?.exited.then((how) => failure.reject(new Error(`DynamoDB Local ended (${how}), and its data is lost`)));
  let listening: Listening | undefined;
  let beside: ServiceProcesses | undefined;
  const cloudAt = (listens: Listening): Omit<LocalCloud, 'processes'> => {
    const { dynamodb, sqs, control, metrics, checkpoints, runs } = listens;
    const url = urlOf(settings.host, listens.port ?? port);
    const urls = [url, dynamodb, sqs, control, metrics ?? '', checkpoints?.url ?? '', ...(services?.urls ?? [])];
    return {
      region,
      ...program,
      system,
      url,
      stage: localStage,
      dynamodb,
      sqs,
      control,
      ...(metrics !== undefined && { metrics }),
      ...(checkpoints && { checkpoints }),
      environment: {
        ...functionEnvironment(settings, folder),
        POSTHORN_FORBIDDEN_PORTS: listOwnPorts(urls, process.env.POSTHORN_FORBIDDEN_PORTS),
      },
      runs: services?.runs ?? runs,
    };
  };
  const describe = describeCloud(folder, () => {
    if (!listening) return undefined;
    const pid = host.pid();
    return {
      ...cloudAt(listening),
      processes: {
        supervisor: process.pid,
        ...(dynamodbLocal && { dynamodb: dynamodbLocal.pid }),
        ...(pid !== undefined && { host: pid }),
        ...beside?.pids(),
      },
    };
  });
  const options = hostOptions({
    settings,
    folder,
    port,
    region,
    stores,
    dynamodbUrl: dynamodbLocal?.endpoint,
    functions: services ? 'none' : 'all',
    ports: { ...(services ? await findStorePorts() : anyPorts), dynamodb: await findTablesPort(lastCloud) },
  });
  const host = superviseProcess({
    ...hostProcess(options, hostEnvironment(settings, folder, keys)),
    onLine: (line) => observer.onLine('host', line),
    onChange(change) {
      observer.onChange(change);
      if (change.kind === 'gave-up')
        failure.reject(new Error(change.problem ?? 'The host did not start: see its output above'));
    },
    onMessage(message) {
      if (!isListening(message)) return;
      listening = message.listening;
      describe.update().catch(failure.reject);
    },
  });
  const stop = async () => {
    await beside?.stop();
    await host.stop();
    await dynamodbLocal?.stop();
    await describe.close();
  };
  try {
    giveUp.throwIfAborted();
    await Promise.race([host.ready(), failure.promise]);
    await keepInFolder(folder, settings);
    if (services && listening) {
      const onPids = () => void describe.update().catch(failure.reject);
      beside = services.start({ cloud: cloudAt(listening), settings, folder, port, onPids });
      await Promise.race([beside.ready, failure.promise]);
    }
    await describe.update();
    return { url: urlOf(settings.host, listening?.port ?? port), folder, failed: failure.promise, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
