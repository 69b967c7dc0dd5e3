/** What a token says of itself. The server alone knows whether it is true. */
export interface TokenFacts {
  readonly kind: 'organisation' | 'application' | 'unknown';
  readonly organisationId?: string;
  readonly applicationId?: string;
  /** What it may do. Absent: everything that a token of its kind may do. */
  readonly capabilities?: readonly string[];
  /** The id under which the server lists and revokes it. It is no secret. */
  readonly tokenId?: string;
  /** ISO 8601. Absent: it has no end. */
  readonly expiresAt?: string;
}

/** Reads the claims of a token (a JWT). They are not verified: this is for people, and decides nothing. */
export function readTokenFacts(token: string): TokenFacts {
  const { sub, org, capabilities, jti, exp } = readClaims(token);
  const more = {
    ...(Array.isArray(capabilities) && { capabilities: capabilities.map(String) }),
    ...(typeof jti === 'string' && { tokenId: jti }),
    ...(typeof exp === 'number' && Math.abs(exp) < 8.64e12 && { expiresAt: new Date(exp * 1_000).toISOString() }),
  };
  if (typeof sub !== 'string') return { kind: 'unknown', ...more };
  if (sub.startsWith('org_')) return { kind: 'organisation', organisationId: sub, ...more };
  if (!sub.startsWith('app_')) return { kind: 'unknown', ...more };
  return { kind: 'application', applicationId: sub, ...(typeof org === 'string' && { organisationId: org }), ...more };
}

function readClaims(token: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));
  } catch {
    // Not each server's tokens are JWTs.
    return {};
  }
}

/** Returns a sentence about a token, without its end: `an organisation's token (org_1)`. */
export function describeToken({ kind, organisationId, applicationId, capabilities }: TokenFacts): string {
  if (kind === 'unknown') return 'a token of an unknown kind';
  const owner = kind === 'organisation' ? `an organisation's token (${organisationId})` : `an application's token`;
  const application = kind === 'application' ? ` (${applicationId} of ${organisationId ?? 'an organisation'})` : '';
  return `${owner}${application}${capabilities ? `, limited to ${capabilities.join(', ')}` : ''}`;
}
