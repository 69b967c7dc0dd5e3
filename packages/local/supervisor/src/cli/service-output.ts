import { isOfAccessLog } from '@posthorn/contracts/api/request-facts';
import type { ProcessChange } from '../processes/supervised-process.ts';

const keptLines = 40;

/** True for lines that are printed at once: our own log lines, and warnings and errors of a service. */
const isWorthPrinting = (line: string): boolean => line.startsWith('{"level"') || /^(×|Warning|Error)/.test(line);

/**
 * Filters the output of the services. Normal lines are held back. When a service dies, its last lines are printed.
 *
 * @param print - is called with one line at a time
 * @param printAccess - is called with each line of the access log
 */
export function createServiceOutput(print: (line: string) => void, printAccess: (line: string) => void) {
  const recent = new Map<string, string[]>();
  const keep = (service: string, line: string) => {
    const lines = recent.get(service) ?? [];
    lines.push(line);
    recent.set(service, lines.slice(-keptLines));
  };
  return {
    onLine(service: string, line: string): void {
      if (line.trim() === '') return;
      if (isOfAccessLog(line)) printAccess(line);
      else if (isWorthPrinting(line)) print(`[${service}] ${line}`);
      else keep(service, line);
    },
    onChange(change: ProcessChange): void {
      // A reported problem is in the error of `ready()`, which the caller prints.
      if (change.kind === 'started' || (change.kind === 'gave-up' && change.problem !== undefined)) return;
      for (const line of recent.get(change.name) ?? []) print(`[${change.name}] ${line}`);
      recent.delete(change.name);
      const what =
        change.kind === 'died' ? `died (${change.how}); it is started again` : 'died again before it was ready';
      print(`${change.name} ${what}`);
    },
  };
}
