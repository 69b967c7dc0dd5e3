import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../../../../..');

export interface Deployment {
  readonly stage: string;
  readonly endpointUrl: string;
  readonly region: string;
  /** Variables that the operator sets. docs/configuration.md lists them. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Runs `pnpm run deploy --stage …` at the root, as an operator does. @returns its output */
export async function deploy({ stage, endpointUrl, region, settings }: Deployment): Promise<string> {
  const [command, ...args] = pnpm();
  const env = {
    ...withoutAws(process.env),
    ...settings,
    NODE_OPTIONS: '',
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_ACCESS_KEY_ID: 'operator',
    AWS_SECRET_ACCESS_KEY: 'operator',
    AWS_REGION: region,
  };
  try {
    const { stdout, stderr } = await promisify(execFile)(command, [...args, 'run', 'deploy', '--stage', stage], {
      cwd: root,
      env,
    });
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    // Without the cause: its text would repeat the output.
    throw new Error(`the deployment failed:\n${`${stdout}${stderr}`.slice(-2_000)}`);
  }
}

/** The pnpm that runs this. It can be a script or a program. */
function pnpm(): readonly [string, ...string[]] {
  const path = process.env.npm_execpath ?? 'pnpm';
  return /\.[cm]?js$/.test(path) ? [process.execPath, path] : [path];
}

/** Removes the AWS profile, endpoint and other settings of the person who runs the tests. */
const withoutAws = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(AWS|POSTHORN|POWERTOOLS)_/.test(name)));
