import { rm } from 'node:fs/promises';
import type { TokenFacts, TokenRepository } from '@posthorn/core';
import type { VerifyToken } from '@posthorn/secrets/tokens';
import type { KnownToken } from './known-tokens.ts';

export interface RevokeTokensDeps {
  readonly tokens: Pick<TokenRepository, 'revoke'>;
  readonly verifyToken: VerifyToken;
  readonly known: readonly KnownToken[];
  readonly now: Date;
}

/** A token that was asked for, and why it was not revoked. */
export interface Revoked {
  readonly tokenId: string;
  readonly problem?: string;
}

/** Revokes tokens, by their ids or by themselves. A token that is not known needs itself: its id alone could be a mistake. */
export async function revokeTokens(deps: RevokeTokensDeps, named: readonly string[]): Promise<readonly Revoked[]> {
  const answers: Revoked[] = [];
  for (const name of named) answers.push(await revokeToken(deps, name));
  return answers;
}

async function revokeToken({ tokens, verifyToken, known, now }: RevokeTokensDeps, name: string): Promise<Revoked> {
  const isToken = name.split('.').length === 3;
  const found = isToken ? await read(verifyToken, name, now) : known.find(({ tokenId }) => tokenId === name);
  if (found === undefined) return { tokenId: isToken ? 'a token' : name, problem: isToken ? notValid : notKnown };
  await tokens.revoke(found);
  const file = known.find(({ tokenId }) => tokenId === found.tokenId)?.file;
  if (file !== undefined) await rm(file, { force: true });
  return { tokenId: found.tokenId };
}

const notValid = 'it is not valid here: it has expired, or another secret has signed it';
const notKnown =
  'it is not in the list. Name its owner with --org or --app, or give the token itself instead of its id';

async function read(verifyToken: VerifyToken, token: string, now: Date): Promise<TokenFacts | undefined> {
  return (await verifyToken(token, now).catch(() => undefined))?.token;
}
