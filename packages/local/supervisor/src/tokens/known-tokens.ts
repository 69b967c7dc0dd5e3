import { readFile } from 'node:fs/promises';
import type { IssuedToken, Page, TokenRepository } from '@posthorn/core';
import type { VerifyToken } from '@posthorn/secrets/tokens';
import type { DataFolder } from '../data-folder.ts';
import { createIssuedFile } from './issued-file.ts';

/** Whose tokens: an organisation's own ones, or those of one of its applications. */
export interface TokenOwner {
  readonly organisationId: string;
  readonly applicationId?: string;
}

export interface KnownTokensDeps {
  /** Absent for an installation on AWS: it has no data folder. */
  readonly folder?: DataFolder;
  readonly tokens: Pick<TokenRepository, 'listIssued'>;
  readonly verifyToken: VerifyToken;
  readonly now: Date;
}

export interface KnownToken extends IssuedToken {
  /** Where it came from, if that is a file that will be written anew. */
  readonly file?: string;
}

const pageLength = 250;

/** The tokens of an owner that were issued and have not expired, the oldest first. */
export async function findKnownTokens(deps: KnownTokensDeps, owner: TokenOwner): Promise<readonly KnownToken[]> {
  const { folder, now } = deps;
  const ofFile = folder ? await createIssuedFile(folder.issuedTokensFile).list(now) : [];
  const own = await ownToken(deps);
  const isOwners = ({ organisationId, applicationId }: IssuedToken): boolean =>
    organisationId === owner.organisationId && applicationId === owner.applicationId;
  const stored = (await readStored(deps.tokens, owner.applicationId ?? owner.organisationId)).filter(isOwners);
  return [...[...own, ...ofFile].filter(isOwners), ...stored].toSorted(
    (one, other) => one.issuedAt.getTime() - other.issuedAt.getTime(),
  );
}

async function readStored(tokens: KnownTokensDeps['tokens'], owner: string): Promise<readonly IssuedToken[]> {
  const found: IssuedToken[] = [];
  let page: Page<IssuedToken> = { items: [], done: false };
  while (!page.done) {
    const iterator = page.resumeAt ?? page.items.at(-1)?.tokenId;
    const from = iterator === undefined ? {} : { iterator };
    page = await tokens.listIssued(owner, { limit: pageLength, direction: 'forward', order: 'ascending', ...from });
    found.push(...page.items);
  }
  return found;
}

/** The token in the data folder, which every start keeps. */
async function ownToken({ folder, verifyToken, now }: KnownTokensDeps): Promise<readonly KnownToken[]> {
  if (folder === undefined) return [];
  const text = await readFile(folder.tokenFile, 'utf8').catch(() => '');
  const caller = await verifyToken(text, now).catch(() => undefined);
  const { tokenId, issuedAt, expiresAt } = caller?.token ?? {};
  if (caller === undefined || tokenId === undefined || issuedAt === undefined || expiresAt === undefined) return [];
  return [{ tokenId, organisationId: caller.organisationId, issuedAt, expiresAt, file: folder.tokenFile }];
}
