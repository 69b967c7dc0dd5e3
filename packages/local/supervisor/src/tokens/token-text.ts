import type { KnownToken } from './known-tokens.ts';

export interface ListedToken extends KnownToken {
  readonly isRevoked: boolean;
}

/** Writes a list of tokens for people: a line each. */
export function tokensText(tokens: readonly ListedToken[]): string {
  if (tokens.length === 0) return 'No tokens.';
  const rows = tokens.map(({ tokenId, issuedAt, expiresAt, sessionId, file, isRevoked }) => [
    tokenId,
    toMinute(issuedAt),
    toMinute(expiresAt),
    [isRevoked ? 'revoked' : '', sessionId === undefined ? '' : `session ${sessionId}`, file ?? '']
      .filter(Boolean)
      .join(', '),
  ]);
  const header = ['id', 'issued', 'expires', ''];
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)));
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const toMinute = (time: Date): string =>
  time
    .toISOString()
    .replace(/:\d\d\.\d+Z$/, 'Z')
    .replace('T', ' ');
