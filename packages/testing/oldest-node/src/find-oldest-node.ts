import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The path of Node.js 20, the oldest one that published packages support. It is installed for Linux only.
 *
 * @throws Error on other systems
 */
export function findOldestNode(): string {
  const name = `node-${process.platform}-${process.arch}`;
  const manifest = createRequire(import.meta.url)
    .resolve.paths(name)
    ?.map((folder) => join(folder, name, 'package.json'))
    .find(existsSync);
  if (!manifest) throw new Error(`There is no ${name} 20 in node_modules. The tests that need it run on Linux.`);
  return join(dirname(manifest), 'bin', 'node');
}
