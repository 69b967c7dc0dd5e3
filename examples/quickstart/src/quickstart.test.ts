import { join } from 'node:path';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';

const quiet = { NODE_OPTIONS: '--disable-warning=ExperimentalWarning' };

/** Runs the program as a user does, and returns what it printed. */
async function runQuickstart(env: NodeJS.ProcessEnv) {
  const program = runProgram(join(import.meta.dirname, 'quickstart.ts'), [], { ...quiet, POSTHORN_TOKEN: '', ...env });
  return { code: await program.ended, stdout: program.stdout(), stderr: program.stderr() };
}

describe('with a system', () => {
  let system: LaunchedSystem;
  beforeAll(async () => {
    system = await launchSystem();
  });
  afterAll(() => system?.stop());

  it('shows a message on its way, its receipt, and three more in order', async () => {
    const run = await runQuickstart({ POSTHORN_URL: system.url, POSTHORN_DATA_DIR: system.dataDir });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^Application app_\w{27}$/),
      expect.stringMatching(/^Endpoint ep_\w{27} at http:\/\/localhost:\d+\/webhooks$/),
      expect.stringMatching(/^Message msg_\w{27} accepted$/),
      'Arrived, and its signature is right: {"orderId":7,"amount":"12.50","currency":"EUR"}',
      expect.stringMatching(/^Attempt atmpt_\w{27}: answered 204 after \d+ ms$/),
      expect.stringMatching(/^Destination \w+, ordered by \$\.orderId$/),
      'Arrived in order: placed, paid, shipped',
      'Application deleted',
    ]);
  });

  it('runs again, with a token from its environment', async () => {
    const run = await runQuickstart({ POSTHORN_URL: system.url, POSTHORN_TOKEN: system.token });
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('without a system', () => {
  it('says how to start one when none answers', async () => {
    // Nothing listens on port 1.
    const run = await runQuickstart({ POSTHORN_URL: 'http://localhost:1', POSTHORN_TOKEN: 'any' });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toBe('No Posthorn answers at http://localhost:1. Start it with: npx pnpm@12 start\n');
  });

  it('says how to start one when there is no token', async () => {
    const run = await runQuickstart({ POSTHORN_DATA_DIR: '/nowhere/at/all' });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/^There is no token in \/nowhere\/at\/all\/token.* npx pnpm@12 start\n$/);
  });
});
