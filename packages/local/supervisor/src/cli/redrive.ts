import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { createDeadLetters } from '@posthorn/queues/dead-letters/dead-letters';
import { redrive, type SeenEntry, type SeenQueue, type Selection } from '../dead-letters/redrive.ts';
import { redriveJson, redriveText } from '../dead-letters/redrive-text.ts';
import { localStage } from '../host-options.ts';
import { createRunNotice } from '../notices/run-notice.ts';
import { connectOperator } from '../operator-clients.ts';
import { redriveHelp } from './help.ts';
import { complain, endWith, say } from './run-command.ts';

const options = {
  all: { type: 'boolean', default: false },
  id: { type: 'string', multiple: true, default: [] as string[] },
  stage: { type: 'string', default: localStage },
  json: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @returns the exit code */
async function runRedrive(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) {
    say(redriveHelp);
    return 0;
  }
  if (values.all && values.id.length > 0) throw new Error('--all and --id cannot be used together');
  const selection = toSelection(values);
  const clients = await connectOperator(values.stage, resolve(process.env.POSTHORN_DATA_DIR || '.posthorn'));
  try {
    if (selection.kind === 'all' && !values.yes && !(await confirm())) return 1;
    const letters = createDeadLetters({ client: clients.queues, stage: clients.stage });
    // Each one is told at once, so that there is a record if the command is interrupted.
    const tell = ({ entry }: SeenEntry) => complain(`redriven: ${entry.id} ${entry.body}`);
    const queues = await redrive(letters, selection, tell, createRunNotice(clients, new Date()));
    const now = new Date();
    say(values.json ? JSON.stringify(redriveJson(queues, now), null, 2) : redriveText(queues, selection, now));
    return missing(queues, selection);
  } finally {
    clients.close();
  }
}

function toSelection({ all, id }: { readonly all: boolean; readonly id: readonly string[] }): Selection {
  if (all) return { kind: 'all' };
  return id.length === 0 ? { kind: 'none' } : { kind: 'ids', ids: new Set(id) };
}

/** The exit code: 2 if an entry that was asked for was not redriven. */
function missing(queues: readonly SeenQueue[], selection: Selection): number {
  if (selection.kind !== 'ids') return 0;
  const redriven = queues.flatMap(({ entries }) => entries.filter((one) => one.redriven).map(({ entry }) => entry.id));
  const absent = [...selection.ids].filter((id) => !redriven.includes(id));
  for (const id of absent)
    complain(`not redriven: ${id}. It cannot be, is hidden for up to two minutes, or is not there`);
  return absent.length > 0 ? 2 : 0;
}

/** Asks on a terminal only. */
async function confirm(): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    'Redrive all jobs, and run all records of notices? Remove their cause first. (y/N) ',
  );
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

await endWith(() => runRedrive(process.argv.slice(2)));
