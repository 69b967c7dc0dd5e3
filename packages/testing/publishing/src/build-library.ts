import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { readManifest } from './manifest.ts';
import { root, tsc } from './paths.ts';
import { writeManifest } from './write-manifest.ts';

const run = promisify(execFile);

/** What Node.js 20 does not have is an error. Of ES2024 it has the functions of strings. */
const common = {
  noEmit: false,
  rootDir: '../src',
  target: 'es2022',
  lib: ['es2023', 'es2024.string'],
  types: ['node'],
  declaration: true,
  rewriteRelativeImportExtensions: true,
} as const;

const formats = {
  esm: { type: 'module', options: {} },
  cjs: {
    type: 'commonjs',
    options: { module: 'commonjs', moduleResolution: 'bundler', verbatimModuleSyntax: false },
  },
} as const;

/**
 * Builds a library into its folder `dist`: every entry of `exports` in its package.json as an ES module (`esm`) and as
 * CommonJS (`cjs`), with types for each.
 *
 * @param folder - of the package
 * @throws Error with what the compiler printed
 */
export async function buildLibrary(folder: string): Promise<void> {
  const dist = join(folder, 'dist');
  await rm(dist, { recursive: true, force: true });
  const { exports } = await readManifest(folder);
  const entries = Object.entries(exports);
  for (const format of ['esm', 'cjs'] as const) await compile(dist, format, entries);
  await writeManifest(folder, {
    exports: Object.fromEntries(entries.map(([name, source]) => [name, publishedEntry(source)])),
    main: './cjs/index.js',
    types: './cjs/index.d.ts',
    typesVersions: { '*': typesOfNamedEntries(entries) },
    files: ['esm', 'cjs'],
  });
}

type Entries = readonly (readonly [string, string])[];

async function compile(dist: string, format: keyof typeof formats, entries: Entries): Promise<void> {
  const { type, options } = formats[format];
  await mkdir(join(dist, format), { recursive: true });
  // Bundlers look for `sideEffects` in the nearest package.json.
  await writeFile(join(dist, format, 'package.json'), `${JSON.stringify({ type, sideEffects: false })}\n`);
  const config = join(dist, `tsconfig.${format}.json`);
  const settings = {
    extends: relative(dist, join(root, 'tsconfig.base.json')),
    compilerOptions: { ...common, ...options, outDir: format },
    files: entries.map(([, source]) => join('..', source)),
  };
  await writeFile(config, JSON.stringify(settings));
  try {
    await run(tsc, ['-p', config]);
  } catch (error) {
    // The compiler prints its findings to stdout.
    throw new Error(`${config}: ${(error as { readonly stdout?: string }).stdout}`, { cause: error });
  }
  await rm(config);
}

const builtName = (source: string): string => source.replace('./src/', '').replace(/\.ts$/, '');

/** For compilers that do not read `exports` (`--moduleResolution node10`): they use CommonJS. */
const typesOfNamedEntries = (entries: Entries): Record<string, readonly string[]> =>
  Object.fromEntries(
    entries
      .filter(([name]) => name !== '.')
      .map(([name, source]) => [name.slice('./'.length), [`./cjs/${builtName(source)}.d.ts`]]),
  );

function publishedEntry(source: string): object {
  const file = builtName(source);
  const at = (format: keyof typeof formats) => ({
    types: `./${format}/${file}.d.ts`,
    default: `./${format}/${file}.js`,
  });
  return { import: at('esm'), require: at('cjs') };
}
