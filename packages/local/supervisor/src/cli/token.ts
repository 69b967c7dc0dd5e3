import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { signToken } from '@posthorn/secrets/tokens';
import { dataFolderAt } from '../data-folder.ts';
import { localOrganisationId } from '../organisation.ts';
import { tokenHelp } from './help.ts';
import { endWith, say } from './run-command.ts';

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

const options = {
  org: { type: 'string', default: localOrganisationId },
  app: { type: 'string' },
  expires: { type: 'string', default: '28d' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Returns the milliseconds of a duration such as `1h` or `28d`. */
function durationMs(text: string): number {
  const [, count, unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  if (count === undefined) throw new Error(`--expires ${text}: must be a duration such as 30s, 15m, 1h or 28d`);
  return Number(count) * (secondsOf[unit] ?? 0) * 1_000;
}

async function createToken(args: readonly string[]): Promise<string> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) return tokenHelp;
  if (!values.org.startsWith('org_')) throw new Error(`--org ${values.org}: an organisation's id starts with org_`);
  if (values.app !== undefined && !values.app.startsWith('app_'))
    throw new Error(`--app ${values.app}: an application's id starts with app_`);
  const now = new Date();
  return signToken({
    secret: await readSecret(resolve(process.env.POSTHORN_DATA_DIR || '.posthorn')),
    organisationId: values.org,
    ...(values.app === undefined ? {} : { applicationId: values.app }),
    issuedAt: now,
    expiresAt: new Date(now.getTime() + durationMs(values.expires)),
  });
}

async function readSecret(dataDir: string): Promise<string> {
  const { jwtSecretFile } = dataFolderAt(dataDir);
  try {
    return await readFile(jwtSecretFile, 'utf8');
  } catch (error) {
    const hint = 'Start Posthorn once, or set POSTHORN_DATA_DIR to its data folder';
    throw new Error(`No Posthorn secret in ${dataDir}. ${hint}`, { cause: error });
  }
}

await endWith(async () => {
  say(await createToken(process.argv.slice(2)));
  return 0;
});
