import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A folder that has a published package as its only dependency. */
export interface Installed extends AsyncDisposable {
  readonly folder: string;
  /** What the archive contains. */
  readonly files: readonly string[];
}

/**
 * Packs a built package with npm, and installs the archive in an empty folder. The registry is not asked.
 *
 * @param dist - the folder that would be published
 */
export async function installPacked(dist: string): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-installed-'));
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: dist,
  });
  const packed = readPacked(stdout);
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const quiet = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', ...quiet, `./${packed.filename}`], { cwd: folder });
  return {
    folder,
    files: packed.files.map(({ path }) => path),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** npm prints a list, and from version 12 on an object with the package's name. */
function readPacked(json: string): Packed {
  const [packed] = Object.values(JSON.parse(json) as Readonly<Record<string, Packed>>);
  if (!packed) throw new Error('npm pack has packed nothing.');
  return packed;
}
