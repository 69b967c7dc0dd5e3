/** What a token says about itself, besides whose it is. */
export interface TokenFacts {
  readonly tokenId: string;
  /** In whole seconds. */
  readonly issuedAt?: Date;
  readonly expiresAt?: Date;
  /** How often the tokens of its application were expired before it was issued. Absent: it was signed elsewhere. */
  readonly generation?: number;
  /** The session that it was issued for. */
  readonly sessionId?: string;
  /** The integration whose key it is. */
  readonly integrationId?: string;
}

/** A token of an organisation, or of one of its applications, as it is listed. */
export interface IssuedToken {
  readonly tokenId: string;
  readonly organisationId: string;
  readonly applicationId?: string;
  readonly sessionId?: string;
  /** Of a token of an application, as in `TokenFacts`. */
  readonly generation?: number;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** Portal tokens are valid for a week at most. */
export const maxPortalTokenSeconds = 7 * 24 * 3_600;
export const minPortalTokenSeconds = 3_600;
