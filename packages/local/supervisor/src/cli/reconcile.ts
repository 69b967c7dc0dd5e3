import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isId } from '@posthorn/core';
import { localStage } from '../host-options.ts';
import { connectOperator } from '../operator-clients.ts';
import { readTime } from '../reconcile/read-time.ts';
import type { Progress } from '../reconcile/reconcile.ts';
import { exitCodeOf, reconcileJson, reconcileText } from '../reconcile/reconcile-text.ts';
import { runReconcile } from '../reconcile/run-reconcile.ts';
import { reconcileHelp } from './help.ts';
import { complain, endWith, say } from './run-command.ts';

const options = {
  since: { type: 'string' },
  until: { type: 'string', default: '1m' },
  app: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  stage: { type: 'string', default: localStage },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @returns the exit code */
async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) {
    say(reconcileHelp);
    return 0;
  }
  const { since, app, 'dry-run': isDryRun, stage, json } = values;
  if (since === undefined) {
    complain(reconcileHelp);
    return 1;
  }
  const now = new Date();
  const window = { after: readTime('--since', since, now), before: readTime('--until', values.until, now) };
  if (window.after >= window.before) throw new Error(`--since ${since}: must be before --until`);
  if (app !== undefined && !isId('application', app))
    throw new Error(`--app ${app}: must be the id of an application (app_…)`);
  const clients = await connectOperator(stage, resolve(process.env.POSTHORN_DATA_DIR || '.posthorn'));
  try {
    const request = { ...window, isDryRun, ...(app !== undefined && { applicationId: app }) };
    const output = { tell: createProgressLines(), warn: complain };
    const progress = await runReconcile(clients, request, output);
    say(json ? JSON.stringify(reconcileJson(progress, isDryRun), null, 2) : reconcileText(progress, isDryRun));
    return exitCodeOf(progress, isDryRun);
  } finally {
    clients.close();
  }
}

const everyMs = 2_000;

/** Says how far it is, every two seconds. */
function createProgressLines(): (progress: Progress) => void {
  let toldAt = performance.now();
  return ({ applications, messages, missing }) => {
    if (performance.now() - toldAt < everyMs) return;
    toldAt = performance.now();
    complain(`application ${applications}: ${messages} messages, ${missing.length} missing …`);
  };
}

await endWith(() => run(process.argv.slice(2)));
