import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { type CurlCommand, curlCommands, printed } from './pages.ts';

const quiet = { NODE_OPTIONS: '--disable-warning=ExperimentalWarning' };
/** Files that are no programs of a page. */
const help = ['local-tables.ts', 'pages.ts', 'programs.test.ts'];
const needsSystem = 'receipt.ts';

/** Runs a program as a reader does, and returns what it printed. */
async function run(file: string, env: NodeJS.ProcessEnv = {}) {
  const program = runProgram(join(import.meta.dirname, file), [], { ...quiet, ...env });
  return { code: await program.ended, stdout: program.stdout(), stderr: program.stderr() };
}

describe('the pages of docs/why-these-parts', () => {
  it('say what every program prints', () => {
    const programs = readdirSync(import.meta.dirname).filter((file) => !help.includes(file));
    expect([...printed.keys()].toSorted()).toEqual(programs.toSorted());
  });

  it.each([...printed].filter(([file]) => file !== needsSystem))('are right about %s', async (file, stdout) => {
    expect(await run(file)).toEqual({ code: 0, stdout, stderr: '' });
  });
});

describe('with a system, the pages', () => {
  let system: LaunchedSystem;
  beforeAll(async () => {
    system = await launchSystem({ POSTHORN_RETRY_SCHEDULE: '1,1,1' });
  });
  afterAll(() => system?.stop());

  it(`are right about ${needsSystem}`, async () => {
    const found = await run(needsSystem, { POSTHORN_URL: system.url, POSTHORN_TOKEN: system.token });
    expect(found).toEqual({ code: 0, stdout: printed.get(needsSystem), stderr: '' });
  });

  const statusOf = async ({ path, hasToken, body }: CurlCommand): Promise<number> => {
    const headers = { ...(hasToken && { authorization: `Bearer ${system.token}` }) };
    const request = body === undefined ? { headers } : { method: 'POST', headers, body };
    return (await fetch(`${system.url}/api/v1${path}`, request)).status;
  };

  it('are right about the status of each curl command', async () => {
    expect(curlCommands).toHaveLength(4);
    const statuses = await Promise.all(curlCommands.map(statusOf));
    expect(statuses).toEqual(curlCommands.map(({ status }) => status));
  });
});
