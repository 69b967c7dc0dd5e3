import { readFileSync } from 'node:fs';
import { toDescription } from './find-cloud.ts';

const ownArguments = () => process.argv.slice(2);

/** Returns whether the command of Serverless is `offline`. */
export const isOffline = (command: readonly string[] = ownArguments()): boolean =>
  command.find((word) => !word.startsWith('-')) === 'offline';

/**
 * Returns the stage of a service: under `serverless offline` the stage of the local cloud, otherwise another one. Plugins
 * cannot set it, because Serverless reads the stage first: `provider.stage: ${file(./stage.cjs)}`.
 *
 * @param path - absolute path of the description of the cloud
 * @param command - arguments of Serverless
 */
export function offlineStage(path: string, otherwise: string, command = ownArguments()): string {
  if (!isOffline(command)) return otherwise;
  try {
    return toDescription(readFileSync(path, 'utf8'))?.stage ?? otherwise;
  } catch {
    // There is no cloud. The plugin says so.
    return otherwise;
  }
}
