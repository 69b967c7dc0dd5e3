import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { SystemStatus } from '@posthorn/local-host/control';
import { askRunning } from '../control-request.ts';
import { dataFolderAt } from '../data-folder.ts';
import { readLocalCloud } from '../local-cloud-file.ts';
import { statusHelp } from './help.ts';
import { complain, endWith, say } from './run-command.ts';
import { statusText } from './status-text.ts';

const options = {
  apps: { type: 'boolean', default: false },
  app: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @returns the exit code */
async function showStatus(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) {
    say(statusHelp);
    return 0;
  }
  const dataDir = resolve(process.env.POSTHORN_DATA_DIR || '.posthorn');
  const wantsApplications = values.apps || values.app !== undefined;
  const answer = await askRunning(dataDir, wantsApplications ? 'GET /status/applications' : 'GET /status');
  if (answer === undefined) {
    complain(`No Posthorn runs with the data folder ${dataDir}, or it is not ready yet. Start it: npx pnpm@12 start`);
    return 1;
  }
  // Our own host wrote it.
  const status = onlyApplication(answer as SystemStatus, values.app);
  const url = (await readLocalCloud(dataFolderAt(dataDir)))?.url ?? '';
  say(values.json ? JSON.stringify({ url, ...status }, null, 2) : statusText(status, url, new Date()));
  return status.health.kind === 'healthy' ? 0 : 2;
}

/** With an id, leaves only that application. One that nothing is known of has nothing waiting. */
function onlyApplication(status: SystemStatus, id: string | undefined): SystemStatus {
  if (id === undefined || !status.applications) return status;
  const nothing = { id, accepted: 0, delivered: 0, failedAttempts: 0, failing: 0, waiting: 0 };
  return { ...status, applications: [status.applications.find((one) => one.id === id) ?? nothing] };
}

await endWith(() => showStatus(process.argv.slice(2)));
