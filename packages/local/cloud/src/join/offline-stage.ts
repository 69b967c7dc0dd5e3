import { readFileSync } from 'node:fs';
import { toDescription } from './find-cloud.ts';

/**
 * Returns the stage of a service: under `serverless offline` the stage of the local cloud, otherwise another one. Plugins
 * cannot set it, because Serverless reads the stage first: `provider.stage: ${file(./stage.cjs)}`.
 *
 * @param path - absolute path of the description of the cloud
 * @param command - arguments of Serverless
 */
export function offlineStage(path: string, otherwise: string, command = process.argv.slice(2)): string {
  if (command.find((word) => !word.startsWith('-')) !== 'offline') return otherwise;
  try {
    return toDescription(readFileSync(path, 'utf8'))?.stage ?? otherwise;
  } catch {
    // There is no cloud. The plugin says so.
    return otherwise;
  }
}
