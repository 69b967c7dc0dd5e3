import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findOldestNode } from '@posthorn/oldest-node';
import { root, tsc } from './paths.ts';

const run = promisify(execFile);

/** The oldest Node.js that is supported, and that of the repository. */
export const supportedNodes = { oldest: findOldestNode(), current: process.execPath } as const;

/** Runs a program in a folder, and returns what it prints. @param file - the name ends in .mjs or .cjs */
export async function runProgram(
  folder: string,
  { node, file, text }: { readonly node: keyof typeof supportedNodes; readonly file: string; readonly text: string },
): Promise<string> {
  await writeFile(join(folder, file), text);
  const { stdout } = await run(supportedNodes[node], [file], { cwd: folder, env: {} });
  return stdout;
}

/**
 * Checks the types of a program in a folder.
 *
 * @param file - the name ends in .mts (ES module) or .cts (CommonJS)
 * @returns what the compiler prints, '' if it finds nothing
 */
export async function checkTypes(
  folder: string,
  { resolution, file, text }: { readonly resolution: Resolution; readonly file: string; readonly text: string },
): Promise<string> {
  await writeFile(join(folder, file), text);
  const types = join(folder, 'node_modules/@types');
  await mkdir(types, { recursive: true });
  const ofNode = join(types, 'node');
  if (!existsSync(ofNode)) await symlink(join(root, 'node_modules/@types/node'), ofNode);
  const args = ['--noEmit', '--ignoreConfig', '--strict', '--types', 'node', '--target', 'es2022'];
  return run(tsc, [...args, ...resolutions[resolution], file], { cwd: folder }).then(
    () => '',
    ({ stdout }: { readonly stdout: string }) => stdout,
  );
}

type Resolution = keyof typeof resolutions;

const resolutions = {
  nodenext: ['--module', 'nodenext'],
  bundler: ['--module', 'preserve', '--moduleResolution', 'bundler'],
} as const;
