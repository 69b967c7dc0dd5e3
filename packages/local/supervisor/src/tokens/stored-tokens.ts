import type { IssuedToken } from '@posthorn/core';
import { createTokenChecks } from '@posthorn/models/token-checks';
import { createTokenRepository } from '@posthorn/models/tokens';
import { createTokenVerifier, type JwtSecretSource } from '@posthorn/secrets/tokens';
import type { DataFolder } from '../data-folder.ts';
import { connectOperator, type OperatorClients } from '../operator-clients.ts';
import { findKnownTokens, type TokenOwner } from './known-tokens.ts';
import { type Revoked, revokeTokens } from './revoke-tokens.ts';
import type { ListedToken } from './token-text.ts';

/** Where an installation keeps its tokens. */
export interface TokenPlace {
  readonly stage: string;
  readonly dataDir: string;
  /** Absent for an installation on AWS. */
  readonly folder?: DataFolder;
  readonly secret: JwtSecretSource;
}

/** Records a token in the tables of an installation. */
export const recordToken = (place: TokenPlace, token: IssuedToken): Promise<void> =>
  withClients(place, (store) => createTokenRepository(store).insertIssued(token));

/** The tokens of an owner that were issued and have not expired. */
export const listTokens = (place: TokenPlace, owner: TokenOwner, now: Date): Promise<readonly ListedToken[]> =>
  withClients(place, async (store) => {
    const revoked = await createTokenChecks(store).listRevoked();
    const known = await findKnownTokens(toDeps(place, store, now), owner);
    return known.map((token) => ({ ...token, isRevoked: revoked.has(token.tokenId) }));
  });

/** Revokes tokens of an owner by their ids, or any tokens by themselves. */
export const revokeNamed = (
  place: TokenPlace,
  owner: TokenOwner,
  { names, now }: { readonly names: readonly string[]; readonly now: Date },
): Promise<readonly Revoked[]> =>
  withClients(place, async (store) => {
    const deps = toDeps(place, store, now);
    return revokeTokens({ ...deps, known: await findKnownTokens(deps, owner) }, names);
  });

interface TokenStore {
  readonly client: OperatorClients['tables'];
  readonly stage: string;
}

const toDeps = ({ folder, secret }: TokenPlace, store: TokenStore, now: Date) => ({
  tokens: createTokenRepository(store),
  verifyToken: createTokenVerifier(secret),
  now,
  ...(folder && { folder }),
});

async function withClients<Result>(
  { stage, dataDir }: TokenPlace,
  work: (store: TokenStore) => Promise<Result>,
): Promise<Result> {
  const clients = await connectOperator(stage, dataDir);
  try {
    return await work({ client: clients.tables, stage });
  } finally {
    clients.close();
  }
}
