import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const requirements = join(import.meta.dirname, '../../emulator/requirements.txt');
const cache = join(import.meta.dirname, '../../node_modules/.cache/emulator');

/** Whether the emulator can run here. */
export type Preparation =
  | { readonly kind: 'ready'; readonly python: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** Installs the emulator once, in the version in requirements.txt, into its own virtual environment. */
export async function prepareEmulator(): Promise<Preparation> {
  const version = await pythonVersion();
  if (version === undefined) return missing('there is no python3 on the PATH');
  if (version < 310) return missing('python3 is older than 3.10');
  const python = join(cache, 'bin/python');
  const installed = join(cache, 'installed');
  const wanted = createHash('sha256')
    .update(await readFile(requirements))
    .update(String(version))
    .digest('hex');
  if ((await readText(installed)) === wanted && (await exists(python))) return { kind: 'ready', python };
  await rm(cache, { recursive: true, force: true });
  try {
    await run('python3', ['-m', 'venv', cache]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--retries', '1', '--requirement', requirements]);
  } catch (error) {
    return missing(`the emulator could not be installed: ${lastLine(error)}`);
  }
  await writeFile(installed, wanted);
  return { kind: 'ready', python };
}

const missing = (reason: string): Preparation => ({ kind: 'missing', reason });

/** 311 for Python 3.11. */
async function pythonVersion(): Promise<number | undefined> {
  try {
    const { stdout } = await run('python3', [
      '-c',
      'import sys; print(sys.version_info[0] * 100 + sys.version_info[1])',
    ]);
    return Number(stdout);
  } catch {
    return undefined;
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
const readText = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr || message).trim().split('\n').at(-1) ?? '';
}
