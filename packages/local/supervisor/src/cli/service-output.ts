import type { ProcessChange } from '../processes/supervised-process.ts';

const keptLines = 40;

/** What is worth a person's attention while all is well: our own log lines, and what a service warns of. */
const isWorthSaying = (line: string): boolean => line.startsWith('{"level"') || /^(×|Warning|Error)/.test(line);

/**
 * The services' output: quiet while they run, the last lines whole when one dies.
 *
 * @param print - gets one line at a time
 */
export function createServiceOutput(print: (line: string) => void) {
  const recent = new Map<string, string[]>();
  const keep = (service: string, line: string) => {
    const lines = recent.get(service) ?? [];
    lines.push(line);
    recent.set(service, lines.slice(-keptLines));
  };
  return {
    onLine(service: string, line: string): void {
      if (line.trim() === '') return;
      if (isWorthSaying(line)) print(`[${service}] ${line}`);
      else keep(service, line);
    },
    onChange(change: ProcessChange): void {
      // A problem of its own is told by whoever waits for the process.
      if (change.kind === 'started' || (change.kind === 'gave-up' && change.problem !== undefined)) return;
      for (const line of recent.get(change.name) ?? []) print(`[${change.name}] ${line}`);
      recent.delete(change.name);
      const what =
        change.kind === 'died' ? `died (${change.how}); it is started again` : 'died again before it was ready';
      print(`${change.name} ${what}`);
    },
  };
}
