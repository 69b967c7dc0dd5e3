import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { readManifest } from './manifest.ts';
import { root, tsc } from './paths.ts';
import { writeManifest } from './write-manifest.ts';

const run = promisify(execFile);

/**
 * Builds a program into its folder `dist`: one file with the entry `.`, for other programs as ES module and as CommonJS
 * with types; a few lines that start it for each `bin` of its package.json; and one file for each entry of `exports` with
 * a name, which it starts as a thread. Everything is inside: there are no dependencies to install.
 *
 * @param folder - of the package. It is published under the name of its program.
 * @throws Error with what the compiler printed
 */
export async function buildProgram(folder: string): Promise<void> {
  const dist = join(folder, 'dist');
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const { bin = {}, exports } = await readManifest(folder);
  const programs = Object.entries(bin);
  for (const [name, source] of programs) await bundle(join(folder, source), join(dist, `${name}.js`), starter);
  await bundle(join(folder, exports['.'] ?? ''), join(dist, 'index.js'));
  // The program starts them as threads.
  for (const [name, source] of Object.entries(exports))
    if (/^\.\/[\w-]+$/.test(name)) await bundle(join(folder, source), join(dist, `${name}.js`));
  // Node.js finds the names of a bundle's exports in its text.
  await writeFile(join(dist, 'index.mjs'), "export * from './index.js';\n");
  await writeTypes(folder);
  for (const file of ['index.d.ts', 'index.d.mts'])
    await writeFile(join(dist, file), "export * from './types/index.js';\n");
  await writeManifest(folder, {
    name: programs[0]?.[0],
    type: 'commonjs',
    bin: Object.fromEntries(programs.map(([name]) => [name, `./${name}.js`])),
    exports: {
      '.': {
        import: { types: './index.d.mts', default: './index.mjs' },
        require: { types: './index.d.ts', default: './index.js' },
      },
    },
    main: './index.js',
    types: './index.d.ts',
    files: ['*.js', '*.mjs', '*.d.ts', '*.d.mts', 'types'],
    isBundled: true,
  });
}

/** What the file of a program begins with. Node.js keeps the compiled code of the files that are loaded after it. */
const starter = '#!/usr/bin/env node\nrequire("node:module").enableCompileCache?.();';

const bundle = (entry: string, outfile: string, banner?: string) =>
  build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    target: 'node20',
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
    plugins: banner === undefined ? [withoutChildProcesses] : [withIndexBeside],
    ...(banner !== undefined && { banner: { js: banner } }),
  });

/** A program starts what `index.js` has, so nothing is there twice. */
const withIndexBeside: Plugin = {
  name: 'with-index-beside',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/index\.ts$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './index.js', external: true },
    ),
};

/**
 * `commander` loads it for commands that are programs of their own. There are none, and loading it takes as long as
 * everything else together.
 */
const withoutChildProcesses: Plugin = {
  name: 'without-child-processes',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^node:child_process$/ }, ({ importer, path }) =>
      importer.includes('/commander/') ? { path, namespace: 'empty' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {};' }));
  },
};

async function writeTypes(folder: string): Promise<void> {
  const dist = join(folder, 'dist');
  const config = join(dist, 'tsconfig.types.json');
  const settings = {
    extends: relative(dist, join(root, 'tsconfig.base.json')),
    compilerOptions: {
      noEmit: false,
      emitDeclarationOnly: true,
      declaration: true,
      rootDir: relative(dist, root),
      outDir: 'all-types',
      types: ['node'],
    },
    files: ['../src/index.ts'],
  };
  await writeFile(config, JSON.stringify(settings));
  await run(tsc, ['-p', config]).catch((error: { readonly stdout?: string }) => {
    // The compiler prints its findings to stdout.
    throw new Error(`${config}: ${error.stdout}`, { cause: error });
  });
  const all = join(dist, 'all-types', relative(root, join(folder, 'src')));
  await copyTypes('./index.ts', { from: all, to: join(dist, 'types') });
  await rm(join(dist, 'all-types'), { recursive: true });
  await rm(config);
}

interface Folders {
  readonly from: string;
  readonly to: string;
}

/** Copies the types of a file and of what they refer to. The compiler has written those of each file of the program. */
async function copyTypes(source: string, { from, to }: Folders): Promise<void> {
  const file = source.replace(/\.ts$/, '.d.ts');
  const text = await readFile(join(from, file), 'utf8');
  await mkdir(dirname(join(to, file)), { recursive: true });
  await writeFile(join(to, file), text.replaceAll(/(?<=from '\.[^']*)\.ts'/g, ".js'"));
  for (const [, next = ''] of text.matchAll(/from '(\.[^']*)'/g))
    await copyTypes(join(dirname(source), next), { from, to });
}
