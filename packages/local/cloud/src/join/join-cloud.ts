import { resolve } from 'node:path';
import type { FunctionEvents } from '../service/read-mappings.ts';
import { type CloudDescription, environmentOf } from './description.ts';
import { findCloud } from './find-cloud.ts';

export interface Joining {
  /** Path of the description, from the folder of the service. */
  readonly path: string;
  readonly serviceDir: string;
  /** `service` in serverless.yml. */
  readonly serviceName: string;
  readonly stage: string;
  readonly events: readonly FunctionEvents[];
  /** Variables that the caller has set. They win over those of the cloud for functions. */
  readonly own: Readonly<Record<string, string | undefined>>;
  /** The command that starts a cloud. */
  readonly startCommand: string | undefined;
}

/** The service cannot join a cloud. The message says what to do. */
export class CannotJoin extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CannotJoin';
  }
}

/**
 * Finds the local cloud, and returns the variables with which the service uses it.
 *
 * @throws CannotJoin
 */
export async function joinCloud(joining: Joining): Promise<Readonly<Record<string, string>>> {
  const file = resolve(joining.serviceDir, joining.path);
  const cloud = await findCloud(file);
  if (cloud === undefined) {
    const how = joining.startCommand === undefined ? 'Start it first.' : `Start one: ${joining.startCommand}`;
    throw new CannotJoin(`No local cloud runs (looked for ${file}). ${how}`);
  }
  const reason = whyNot(cloud, joining);
  if (reason !== undefined) throw new CannotJoin(reason);
  return environmentOf(cloud, joining.own);
}

/** Returns why a service must not join a cloud that runs, if there is a reason. */
export function whyNot(
  { stage, runs = [] }: Pick<CloudDescription, 'stage' | 'runs'>,
  joining: Pick<Joining, 'stage' | 'serviceName' | 'events' | 'startCommand'>,
): string | undefined {
  if (joining.stage !== stage)
    return `The local cloud has the stage ${stage}, but this service has ${joining.stage}: use --stage ${stage}`;
  if (!runs.includes(joining.serviceName) || !hasEventSources(joining.events)) return undefined;
  const command = joining.startCommand === undefined ? '' : `: ${joining.startCommand}`;
  return (
    `The queues, streams and schedules of ${joining.serviceName} are served already. ` +
    `Stop what serves them, and start the local cloud without this service${command}`
  );
}

const hasEventSources = (functions: readonly FunctionEvents[]): boolean =>
  functions.some(({ events }) => events.some((event) => 'sqs' in event || 'stream' in event || 'schedule' in event));
