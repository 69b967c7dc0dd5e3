import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { jwtSecretName } from '@posthorn/contracts';
import { createId, idEntropyBytes } from '@posthorn/core';
import { createTokenSigner, type TokenRequest } from '@posthorn/secrets/tokens';
import { dataFolderAt } from '../data-folder.ts';
import { localStage } from '../host-options.ts';
import { localOrganisationId } from '../organisation.ts';
import { createIssuedFile } from '../tokens/issued-file.ts';
import type { TokenOwner } from '../tokens/known-tokens.ts';
import type { TokenPlace } from '../tokens/stored-tokens.ts';
import { tokensText } from '../tokens/token-text.ts';
import { tokenHelp } from './help.ts';
import { complain, endWith, say } from './run-command.ts';

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

const options = {
  org: { type: 'string', default: localOrganisationId },
  app: { type: 'string' },
  expires: { type: 'string', default: '28d' },
  stage: { type: 'string', default: localStage },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @returns the exit code */
async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const { org, app, expires, stage, json } = values;
  const [command, ...names] = positionals;
  if (values.help) {
    say(tokenHelp);
    return 0;
  }
  if (!org.startsWith('org_')) throw new Error(`--org ${org}: an organisation's id starts with org_`);
  if (app !== undefined && !app.startsWith('app_'))
    throw new Error(`--app ${app}: an application's id starts with app_`);
  const owner = { organisationId: org, ...(app !== undefined && { applicationId: app }) };
  if (command === undefined) {
    say(await createToken(placeOf(stage), owner, durationMs(expires)));
    return 0;
  }
  if (command === 'list' && names.length === 0) return list(placeOf(stage), owner, json);
  if (command === 'revoke' && names.length > 0) return revoke(placeOf(stage), owner, names);
  if (command !== 'list' && command !== 'revoke') throw new Error(`Unexpected argument '${command}'`);
  complain(tokenHelp);
  return 1;
}

function placeOf(stage: string): TokenPlace {
  const dataDir = resolve(process.env.POSTHORN_DATA_DIR || '.posthorn');
  if (stage !== localStage) return { stage, dataDir, secret: { jwtSecretId: jwtSecretName(stage) } };
  const folder = dataFolderAt(dataDir);
  return { stage, dataDir, folder, secret: { jwtSecretFile: folder.jwtSecretFile } };
}

/** Returns the milliseconds of a duration such as `1h` or `28d`. */
function durationMs(text: string): number {
  const [, count, unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  if (count === undefined) throw new Error(`--expires ${text}: must be a duration such as 30s, 15m, 1h or 28d`);
  return Number(count) * (secondsOf[unit] ?? 0) * 1_000;
}

/** Signs a token, records it, and returns it: a token that is not in the list is never printed. */
async function createToken(place: TokenPlace, owner: TokenOwner, validMs: number): Promise<string> {
  const now = new Date();
  const tokenId = createId('token', now, randomBytes(idEntropyBytes));
  const issued = { ...owner, tokenId, issuedAt: now, expiresAt: new Date(now.getTime() + validMs) };
  const token = await sign(place, issued);
  if (place.folder) await createIssuedFile(place.folder.issuedTokensFile).add(issued, now);
  else await (await loadStoredTokens()).recordToken(place, issued);
  return token;
}

async function sign({ dataDir, folder, secret }: TokenPlace, request: TokenRequest): Promise<string> {
  try {
    return await createTokenSigner(secret)(request);
  } catch (error) {
    if (folder === undefined) throw error;
    const hint = 'Start Posthorn once, or set POSTHORN_DATA_DIR to its data folder';
    throw new Error(`No Posthorn secret in ${dataDir}. ${hint}`, { cause: error });
  }
}

/** Loaded when needed: AWS's clients take longer to load than a token takes to sign. */
const loadStoredTokens = () => import('../tokens/stored-tokens.ts');

async function list(place: TokenPlace, owner: TokenOwner, isJson: boolean): Promise<number> {
  const listed = await (await loadStoredTokens()).listTokens(place, owner, new Date());
  say(isJson ? JSON.stringify(listed, null, 2) : tokensText(listed));
  return 0;
}

/** @returns 2 if a token was not revoked */
async function revoke(place: TokenPlace, owner: TokenOwner, names: readonly string[]): Promise<number> {
  const answers = await (await loadStoredTokens()).revokeNamed(place, owner, { names, now: new Date() });
  for (const { tokenId, problem } of answers) {
    if (problem === undefined) say(`revoked: ${tokenId}`);
    else complain(`not revoked: ${tokenId}: ${problem}`);
  }
  return answers.some(({ problem }) => problem !== undefined) ? 2 : 0;
}

await endWith(() => run(process.argv.slice(2)));
