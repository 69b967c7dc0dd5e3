import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

/** The files of the API reference, by their names under `/docs`, and where each is. */
const sources = {
  'page.html': './browser/page.html',
  'page.css': './browser/page.css',
  'start.js': './browser/start.js',
  'reference.js': 'swagger-ui-dist/swagger-ui-bundle.js',
  'reference.css': 'swagger-ui-dist/swagger-ui.css',
} as const;

export type PackedFileName = keyof typeof sources;

/** Brotli in base64. */
export type PackedFiles = Readonly<Record<PackedFileName, string>>;

const compress = promisify(brotliCompress);

/**
 * Reads the files and compresses them. When a function is bundled, services/esbuild-plugins.cjs calls this, and puts the
 * result into the bundle in place of this module.
 *
 * @param quality - 0 to 11: how long to compress
 */
export async function packFiles(quality = 4): Promise<PackedFiles> {
  const { resolve } = createRequire(import.meta.url);
  const pack = async ([name, source]: readonly [string, string]) => {
    const path = source.startsWith('.') ? join(import.meta.dirname, source) : resolve(source);
    const bytes = await compress(await readFile(path), { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });
    return [name, bytes.toString('base64')] as const;
  };
  // Each name of `sources` has its file.
  return Object.fromEntries(await Promise.all(Object.entries(sources).map(pack))) as PackedFiles;
}
