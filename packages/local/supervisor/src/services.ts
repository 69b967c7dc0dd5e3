import type { CloudDescription } from '@posthorn/local-cloud/join/description';
import type { DataFolder } from './data-folder.ts';
import type { Settings } from './settings.ts';

/** Processes that run the functions in the host's place. */
export interface ServiceProcesses {
  /** Resolves when all are ready. */
  readonly ready: Promise<void>;
  /** The process id of each one that runs. */
  pids(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

export interface ServicesContext {
  /** Where the host serves the stores. */
  readonly cloud: CloudDescription;
  readonly settings: Settings;
  readonly folder: DataFolder;
  /** The port of the API. */
  readonly port: number;
  /** Must be called after each change of the process ids. */
  readonly onPids: () => void;
}

/** What runs the functions. Without it, the host does. */
export interface Services {
  /** Names of the services whose event sources run. */
  readonly runs: readonly string[];
  /** Where its processes listen, besides the port of the API. */
  readonly urls: readonly string[];
  start(context: ServicesContext): ServiceProcesses;
}
