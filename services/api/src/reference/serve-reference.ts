import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import type { ApiAnswer, ApiEvent } from '../http/api-event.ts';
import { type PackedFileName, type PackedFiles, packFiles } from './packed-files.ts';

/** The page runs its own scripts, reads its own server, and can do nothing else. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Icons in the style sheet are such URLs.
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Readonly<Record<PackedFileName, string>> = {
  'page.html': 'text/html; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'start.js': 'text/javascript; charset=utf-8',
  'reference.js': 'text/javascript; charset=utf-8',
  'reference.css': 'text/css; charset=utf-8',
};

const isFileName = (name: string): name is PackedFileName => Object.hasOwn(types, name);
const unpack = promisify(brotliDecompress);

/** Serves the API reference: the page `/docs`, and the files below it that it loads. */
export function createReference() {
  let packed: Promise<PackedFiles> | undefined;
  const serve = async (name: PackedFileName, { headers }: ApiEvent): Promise<ApiAnswer> => {
    packed ??= packFiles();
    const text = (await packed)[name];
    const takesBrotli = /\bbr\b/.test(headers['accept-encoding'] ?? '');
    const unpacked = takesBrotli ? undefined : await unpack(Buffer.from(text, 'base64'));
    return {
      statusCode: 200,
      headers: {
        'content-type': types[name],
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'max-age=600',
        vary: 'accept-encoding',
        ...(takesBrotli && { 'content-encoding': 'br' }),
      },
      ...(unpacked ? { body: unpacked.toString() } : { body: text, isBase64Encoded: true }),
    };
  };
  return {
    page: (event: ApiEvent): Promise<ApiAnswer> => serve('page.html', event),
    /** The answer for a file of the page; nothing if there is none at this path. */
    file: (path: string, event: ApiEvent): Promise<ApiAnswer> | undefined => {
      const name = /^\/docs\/([\w.-]+)$/.exec(path)?.[1];
      return name !== undefined && name !== 'page.html' && isFileName(name) ? serve(name, event) : undefined;
    },
  };
}
