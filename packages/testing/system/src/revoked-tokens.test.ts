import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { Svix } from 'svix';
import { idOfToken } from './fixtures/id-of-token.ts';
import { runStart, type StartCommand, tokenScript, whenReady } from './fixtures/start-command.ts';

let command: StartCommand;
let url: string;
beforeAll(async () => {
  command = await runStart();
  ({ url } = await whenReady(command));
});
afterAll(async () => {
  process.kill(command.pid, 'SIGTERM');
  await command.ended;
  await command.cleanUp();
});

const run = async (...args: readonly string[]) => {
  const program = runProgram(tokenScript, args, { POSTHORN_DATA_DIR: command.dataDir });
  return { code: await program.ended, stdout: program.stdout().trim(), stderr: program.stderr() };
};
const client = (token: string) => new Svix(token, { serverUrl: url, numRetries: 0 });
const localToken = () => readFile(join(command.dataDir, 'token'), 'utf8');
const statusOf = async (token: string, path = '/app') =>
  (await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })).status;

/** A revocation is in force after five seconds at most. The first request after that must be refused. */
const inForceMs = 5_000;

describe('a token of a started system', () => {
  it('of an organisation is listed and revoked by its id, and messages with it are refused', async () => {
    const [one, other] = [(await run()).stdout, (await run()).stdout];
    const { id } = await client(one).application.create({ name: 'Toys' });
    const send = (token: string) => client(token).message.create(id, { eventType: 'a', payload: {} });
    await send(one);
    const listed = await run('list');
    for (const token of [one, other]) expect(listed.stdout).toContain(idOfToken(token));
    expect(listed.stdout).not.toContain(one.split('.')[2]);

    expect(await run('revoke', idOfToken(one))).toEqual({ code: 0, stdout: `revoked: ${idOfToken(one)}`, stderr: '' });
    await wait(inForceMs);
    await expect(send(one)).rejects.toMatchObject({ code: 401 });
    expect(await statusOf(one)).toBe(401);
    await send(other);
    expect((await run('list')).stdout).toMatch(new RegExp(`${idOfToken(one)}.*revoked`));
  });

  it('that is in no list is revoked by itself, and an unknown id is an error', async () => {
    const token = (await run('--org', 'org_Elsewhere')).stdout;
    const refused = await run('revoke', idOfToken(token));
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('not in the list');
    expect(await run('revoke', token)).toMatchObject({ code: 0 });
    await wait(inForceMs);
    expect(await statusOf(token)).toBe(401);
  });

  it('of a portal is listed by its application, and ends by logout, expire-all or the command line', async () => {
    const svix = client(await localToken());
    const application = await svix.application.create({ name: 'Games' });
    const access = async () => (await svix.authentication.appPortalAccess(application.id, {})).token;
    const tokens = [await access(), await access(), await access()] as const;
    const path = `/app/${application.id}`;
    const statuses = () => Promise.all(tokens.map((token) => statusOf(token, path)));
    expect(await statuses()).toEqual([200, 200, 200]);
    const listed = await run('list', '--app', application.id);
    for (const token of tokens) expect(listed.stdout).toContain(idOfToken(token));

    await client(tokens[0]).authentication.logout();
    expect(await statuses()).toEqual([401, 200, 200]);
    expect(await run('revoke', idOfToken(tokens[1]), '--app', application.id)).toMatchObject({ code: 0 });
    await wait(inForceMs);
    expect(await statuses()).toEqual([401, 401, 200]);
    await svix.authentication.expireAll(application.id);
    expect(await statuses()).toEqual([401, 401, 401]);
  });

  it('of an integration acts for its application, until the next key', async () => {
    const svix = client(await localToken());
    const application = await svix.application.create({ name: 'Books' });
    const integration = await svix.integration.create(application.id, { name: 'Accounting' });
    const { key } = await svix.integration.rotateKey(application.id, integration.id);
    await client(key).endpoint.create(application.id, { url: 'https://example.com' });
    await svix.integration.rotateKey(application.id, integration.id);
    expect(await statusOf(key, `/app/${application.id}/endpoint`)).toBe(401);
    await svix.integration.update(application.id, integration.id, { name: 'Ledger' });
    expect(await svix.integration.get(application.id, integration.id)).toMatchObject({ name: 'Ledger' });
    expect((await svix.integration.list(application.id)).data).toHaveLength(1);
    await svix.integration.delete(application.id, integration.id);
  });
});
