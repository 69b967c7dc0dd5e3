import type { ProcessChange } from '../processes/supervised-process.ts';

/** serverless-offline prints its routes as a table at each start, whatever its log level is. */
const ofTable = /^[┌│└]/;

function describe(change: Exclude<ProcessChange, { kind: 'started' }>): string {
  if (change.kind === 'died') return `died (${change.how}); it is started again`;
  return change.name === 'host'
    ? 'did not start: see its lines above'
    : 'does not run: see its lines above. It starts again when its code changes';
}

/**
 * Prints every line of the services with the name of the service.
 *
 * @param print - is called with one line at a time
 */
export function createDevOutput(print: (line: string) => void) {
  return {
    say: (text: string): void => print(`[dev] ${text}`),
    onProgress: print,
    onLine(service: string, line: string): void {
      if (line.trim() !== '' && !ofTable.test(line)) print(`[${service}] ${line}`);
    },
    onChange(change: ProcessChange): void {
      // A reported problem is in the error that ends the start.
      if (change.kind === 'started' || (change.kind === 'gave-up' && change.problem !== undefined)) return;
      print(`[dev] ${change.name} ${describe(change)}`);
    },
  };
}
