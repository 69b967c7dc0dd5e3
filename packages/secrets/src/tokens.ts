import { timingSafeEqual } from 'node:crypto';
import { callTimeLimit } from '@posthorn/aws-calls/call-time-limit';
import { connectionSettings } from '@posthorn/aws-calls/connection-settings';
import { DomainError } from '@posthorn/core';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { keyCallLimits } from './key-call-limits.ts';
import { once, readSecretFile } from './secret-file.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

/** The owner of a token: an organisation, or one of its applications (for a customer's own access). */
export type Caller = { readonly kind: 'organisation'; readonly organisationId: string } | ApplicationCaller;

interface ApplicationCaller {
  readonly kind: 'application';
  readonly organisationId: string;
  readonly applicationId: string;
  /** The event types with one of these flags are shown too. Absent: only those without a flag. */
  readonly featureFlags?: readonly string[];
}

/** Where the secret that signs tokens is stored: a file on one machine, or AWS Secrets Manager. */
export type JwtSecretSource = { readonly jwtSecretFile: string } | { readonly jwtSecretId: string };

export type VerifyToken = (token: string, now: Date) => Promise<Caller>;

const algorithm = 'HS256';
const toleranceSeconds = 60;
const leastSecretBytes = 32;

/**
 * Verifies tokens: signature (HS256 only), expiry, start and owner. A token that was verified in the last ten seconds, and
 * has not expired since, is accepted without verifying it again.
 *
 * @throws DomainError `authentication_failed`, with the reason
 */
export function createTokenVerifier(source: JwtSecretSource): VerifyToken {
  const loadSecret = once(async () =>
    toKey(
      'jwtSecretFile' in source
        ? await readSecretFile(source.jwtSecretFile)
        : await readManagedSecret(source.jwtSecretId),
    ),
  );
  const verified = createVerifiedTokens<Caller>();
  return async (token, now) => {
    const known = verified.find(token, now);
    if (known) return known;
    const key = await loadSecret();
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [algorithm],
        currentDate: now,
        clockTolerance: toleranceSeconds,
      });
      const caller = callerOf(payload);
      verified.keep(token, { caller, exp: payload.exp }, now);
      return caller;
    } catch (error) {
      throw error instanceof errors.JOSEError ? refusal(token, key, error) : error;
    }
  };
}

function callerOf({ sub, org, feature_flags: flags }: JWTPayload): Caller {
  // Signed claims can have any type.
  if (typeof sub !== 'string') throw failed('Invalid token: missing `sub`');
  if (sub.startsWith('org_')) return { kind: 'organisation', organisationId: sub };
  if (!sub.startsWith('app_')) throw failed('Invalid token: `sub` must start with org_ or app_');
  if (typeof org !== 'string' || !org.startsWith('org_')) throw failed('Invalid token: `org` must start with org_');
  const caller = { kind: 'application', organisationId: org, applicationId: sub } as const;
  return flags == null ? caller : { ...caller, featureFlags: readFlags(flags) };
}

function readFlags(flags: unknown): readonly string[] {
  if (Array.isArray(flags) && flags.every((flag) => typeof flag === 'string')) return flags;
  throw failed('Invalid token: `feature_flags` must be a list of texts');
}

function refusal(token: string, key: Uint8Array, error: Error): DomainError {
  if (isSecretItself(token, key))
    return failed('Invalid token: this is the secret that tokens are signed with; sign a token with it instead');
  if (error instanceof errors.JWTExpired) return failed('Invalid token: it has expired');
  return failed('Invalid token');
}

function isSecretItself(token: string, key: Uint8Array): boolean {
  const sent = Buffer.from(token);
  return sent.length === key.length && timingSafeEqual(sent, key);
}

const failed = (detail: string) => new DomainError('authentication_failed', detail);

/** Removes white space around the secret: a file or a console can add a line break. */
function toKey(secret: string): Uint8Array {
  const key = new TextEncoder().encode(secret.trim());
  if (key.length < leastSecretBytes)
    throw new Error(`the secret that signs tokens must have at least ${leastSecretBytes} bytes`);
  return key;
}

async function readManagedSecret(secretId: string): Promise<string> {
  // Loaded on first use: a local system never needs it.
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient({ requestHandler: connectionSettings(keyCallLimits) });
  client.middlewareStack.use(callTimeLimit(keyCallLimits));
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  if (SecretString === undefined) throw new Error(`the secret ${secretId} has no SecretString`);
  return SecretString;
}

export interface TokenRequest {
  /** The secret that signs the token. */
  readonly secret: string;
  readonly organisationId: string;
  /** For a token of one application only. */
  readonly applicationId?: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** Signs a token that `createTokenVerifier` with the same secret accepts. */
export const signToken = ({
  secret,
  organisationId,
  applicationId,
  issuedAt,
  expiresAt,
}: TokenRequest): Promise<string> =>
  new SignJWT(applicationId === undefined ? {} : { org: organisationId })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .setIssuer('posthorn')
    .setSubject(applicationId ?? organisationId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(toKey(secret));
