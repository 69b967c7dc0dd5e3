import { appendFile, readFile } from 'node:fs/promises';
import type { IssuedToken } from '@posthorn/core';
import * as z from 'zod/mini';
import { replaceFile } from '../replace-file.ts';

const instant = z.pipe(
  z.iso.datetime(),
  z.transform((text) => new Date(text)),
);

const issuedToken = z.object({
  tokenId: z.string(),
  organisationId: z.string(),
  applicationId: z.optional(z.string()),
  issuedAt: instant,
  expiresAt: instant,
});

/**
 * The tokens that `run token` has printed for a data folder, a line each, without the tokens themselves. They are in a file,
 * so that the command needs no running system. Lines of expired tokens are removed when the file grows.
 */
export const createIssuedFile = (path: string) => ({
  add: async (token: IssuedToken, now: Date): Promise<void> => {
    const { kept, lines } = await read(path, now);
    if (lines > maxLines && kept.length < lines)
      return replaceFile(path, [...kept, token].map((one) => `${JSON.stringify(one)}\n`).join(''));
    await appendFile(path, `${JSON.stringify(token)}\n`, { mode: 0o600, flush: true });
  },
  list: async (now: Date): Promise<readonly IssuedToken[]> => (await read(path, now)).kept,
});

const maxLines = 1_000;

async function read(
  path: string,
  now: Date,
): Promise<{ readonly kept: readonly IssuedToken[]; readonly lines: number }> {
  const lines = (await readIfThere(path)).split('\n').filter(Boolean);
  const kept = lines.flatMap(toToken).filter(({ expiresAt }) => expiresAt > now);
  return { kept, lines: lines.length };
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** A line whose process was killed while it wrote is left out: its token was never printed. */
function toToken(line: string): readonly IssuedToken[] {
  try {
    const { applicationId, ...token } = z.parse(issuedToken, JSON.parse(line));
    return [{ ...token, ...(applicationId !== undefined && { applicationId }) }];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw new Error('a line of the file issued-tokens is not what `run token` wrote: remove it', { cause: error });
  }
}
