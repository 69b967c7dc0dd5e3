import type { Integration } from '../integration/integration.ts';
import type { ListOrder, Page, PageRequest } from '../paging/page.ts';
import type { ExpiryMark, ExpiryOrder } from './expiry-mark.ts';
import type { IssuedToken, TokenFacts } from './token.ts';

/** The orders to expire tokens of an application, or of one session of it. */
export interface ExpiryMarks {
  /** How many orders there were for the application. */
  readonly generation: number;
  readonly marks: readonly ExpiryMark[];
  /** The last orders. A repeated request finds its own one, and does nothing again. */
  readonly orders?: readonly ExpiryOrder[];
  /** Counts the changes. 0: nothing is stored yet. */
  readonly revision: number;
}

/** What decides whether a token of an application is valid. */
export interface TokenState {
  readonly isRevoked: boolean;
  /** Those of its application and of its session. */
  readonly marks: readonly ExpiryMark[];
  /** The integration whose key it is, if that exists. */
  readonly integration?: Integration;
}

/** What ends a token of an application before its time. */
export type TokenEnd = Pick<TokenState, 'isRevoked' | 'marks'>;

/** Counts of changes in the whole installation. 0: there was none yet. */
export interface InstallationVersions {
  /** Changes with every token that an operator revokes. */
  readonly revoked: number;
  /** Changes with every change of which schemas are enforced (`EnforcementRepository`). */
  readonly enforcement: number;
}

/** What every request with a token asks. A read sees every write that returned before the read began. */
export interface TokenChecks {
  findState(applicationId: string, token: TokenFacts): Promise<TokenState>;
  /** What every process reads every few seconds. */
  findVersions(): Promise<InstallationVersions>;
  /** The ids of the tokens that operators have revoked, of all organisations; all of them up to the present version. */
  listRevoked(): Promise<ReadonlySet<string>>;
}

/** Whose tokens are listed: an organisation's own ones, or those of an application. */
export type TokenOwner = string;

export interface TokenRepository {
  insertIssued(token: IssuedToken): Promise<void>;
  findIssued(owner: TokenOwner, tokenId: string): Promise<IssuedToken | undefined>;
  /** By id, so by the time of issue. Expired ones are left out. */
  listIssued(owner: TokenOwner, page: PageRequest & { readonly order: ListOrder }): Promise<Page<IssuedToken>>;
  /** What has become of tokens of an application, in their order. Those that an operator has revoked count as revoked. */
  findEnds(
    applicationId: string,
    tokens: readonly Pick<IssuedToken, 'tokenId' | 'sessionId'>[],
  ): Promise<readonly TokenEnd[]>;
  /** Revokes one token of an application. */
  logOut(applicationId: string, token: Pick<TokenFacts, 'tokenId' | 'expiresAt'>): Promise<void>;
  /** Revokes a token of anyone, for the whole installation. These are few: every process keeps the list of them. */
  revoke(token: Pick<TokenFacts, 'tokenId' | 'expiresAt'>): Promise<void>;
  findMarks(applicationId: string, sessionId?: string): Promise<ExpiryMarks>;
  /** Replaces the marks if they are still those of `previous`. */
  updateMarks(
    place: { readonly applicationId: string; readonly sessionId?: string | undefined },
    next: Pick<ExpiryMarks, 'generation' | 'marks' | 'orders'>,
    previous: ExpiryMarks,
  ): Promise<'updated' | 'stale'>;
}
