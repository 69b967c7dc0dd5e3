import { hash, timingSafeEqual } from 'node:crypto';
import { callTimeLimit } from '@posthorn/aws-calls/call-time-limit';
import { connectionSettings } from '@posthorn/aws-calls/connection-settings';
import {
  type Capability,
  capabilities,
  createId,
  DomainError,
  idEntropyBytes,
  isId,
  type TokenFacts,
} from '@posthorn/core';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { keyCallLimits } from './key-call-limits.ts';
import { once, readSecretFile } from './secret-file.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

/** The owner of a token: an organisation, or one of its applications (for a customer's own access). */
export type Caller = OrganisationCaller | ApplicationCaller;

interface OrganisationCaller {
  readonly kind: 'organisation';
  readonly organisationId: string;
  readonly token: TokenFacts;
}

export interface ApplicationCaller {
  readonly kind: 'application';
  readonly organisationId: string;
  readonly applicationId: string;
  /** The event types with one of these flags are shown too. Absent: only those without a flag. */
  readonly featureFlags?: readonly string[];
  /** What it may do with its application. Absent: everything that a token of an application may do. */
  readonly capabilities?: readonly Capability[];
  readonly token: TokenFacts;
}

/** Where the secret that signs tokens is: a file on one machine, AWS Secrets Manager, or in the hand of the caller. */
export type JwtSecretSource =
  | { readonly jwtSecretFile: string }
  | { readonly jwtSecretId: string }
  | { readonly jwtSecret: string };

export type VerifyToken = (token: string, now: Date) => Promise<Caller>;

const algorithm = 'HS256';
const toleranceSeconds = 60;
const leastSecretBytes = 32;

/** The secret that signs tokens, read once. */
const secretLoader = (source: JwtSecretSource) => once(async () => toKey(await readSecret(source)));

async function readSecret(source: JwtSecretSource): Promise<string> {
  if ('jwtSecret' in source) return source.jwtSecret;
  return 'jwtSecretFile' in source ? readSecretFile(source.jwtSecretFile) : readManagedSecret(source.jwtSecretId);
}

/**
 * Verifies tokens: signature (HS256 only), expiry, start and owner. A token that was verified in the last ten seconds, and
 * has not expired since, is accepted without verifying it again. Whether a token was revoked is checked elsewhere.
 *
 * @throws DomainError `authentication_failed`, with the reason
 */
export function createTokenVerifier(source: JwtSecretSource): VerifyToken {
  const loadSecret = secretLoader(source);
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
      const caller = callerOf(payload, token);
      verified.keep(token, { caller, exp: payload.exp }, now);
      return caller;
    } catch (error) {
      throw error instanceof errors.JOSEError ? refusal(token, key, error) : error;
    }
  };
}

function callerOf(payload: JWTPayload, text: string): Caller {
  const { sub, org, feature_flags: flags, capabilities: held } = payload;
  const token = readFacts(payload, text);
  // Signed claims can have any type.
  if (typeof sub !== 'string') throw failed('Invalid token: missing `sub`');
  if (sub.startsWith('org_')) return { kind: 'organisation', organisationId: sub, token };
  if (!sub.startsWith('app_')) throw failed('Invalid token: `sub` must start with org_ or app_');
  if (typeof org !== 'string' || !org.startsWith('org_')) throw failed('Invalid token: `org` must start with org_');
  return {
    kind: 'application',
    organisationId: org,
    applicationId: sub,
    ...(flags == null ? {} : { featureFlags: readTexts(flags, 'feature_flags') }),
    ...(held == null ? {} : { capabilities: readTexts(held, 'capabilities').map(toCapability) }),
    token,
  };
}

function readTexts(texts: unknown, claim: string): readonly string[] {
  if (Array.isArray(texts) && texts.every((text) => typeof text === 'string')) return texts;
  throw failed(`Invalid token: \`${claim}\` must be a list of texts`);
}

function toCapability(text: string): Capability {
  const known = capabilities.find((one) => one === text);
  if (known === undefined) throw failed('Invalid token: `capabilities` has an unknown one');
  return known;
}

/** Ids of tokens and sessions are also keys of rows. */
const maxIdLength = 128;
const maxSessionLength = 1_024;

function readFacts({ jti, iat, exp, gen, sid, integ }: JWTPayload, text: string): TokenFacts {
  const isOwnId = typeof jti === 'string' && jti.length <= maxIdLength && /^[\w.:-]+$/.test(jti);
  return {
    tokenId: isOwnId ? jti : derivedTokenId(text),
    ...dated('issuedAt', iat),
    ...dated('expiresAt', exp),
    ...(gen === undefined ? {} : { generation: requireCount(gen) }),
    ...(sid === undefined ? {} : { sessionId: requireText('sid', sid, maxSessionLength) }),
    ...(integ === undefined ? {} : { integrationId: requireIntegration(integ) }),
  };
}

function dated<Name extends string>(name: Name, seconds: unknown): Partial<Record<Name, Date>> {
  const date = typeof seconds === 'number' ? new Date(seconds * 1_000) : undefined;
  if (date === undefined || Number.isNaN(date.getTime())) return {};
  // The compiler does not follow computed names.
  return { [name]: date } as Partial<Record<Name, Date>>;
}

function requireCount(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw failed('Invalid token: `gen` must be a count');
}

function requireIntegration(value: unknown): string {
  if (typeof value === 'string' && isId('integration', value)) return value;
  throw failed('Invalid token: `integ` must be the id of an integration');
}

function requireText(claim: string, value: unknown, maxLength: number): string {
  if (typeof value === 'string' && value !== '' && value.length <= maxLength) return value;
  throw failed(`Invalid token: \`${claim}\` must be a text of 1 to ${maxLength} characters`);
}

/** The time of all derived ids. */
const noTime = new Date(1_400_000_000_000);

/**
 * The id of a token that names none, such as one of an earlier version. The signature is not part of it: its last character
 * can be written in several ways.
 */
function derivedTokenId(text: string): string {
  const signed = text.slice(0, text.lastIndexOf('.'));
  return createId('token', noTime, hash('sha256', signed, 'buffer').subarray(0, idEntropyBytes));
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
  const { GetSecretValueCommand, SecretsManagerClient } = await import('./aws/secret-client.ts');
  const client = new SecretsManagerClient({ requestHandler: connectionSettings(keyCallLimits) });
  client.middlewareStack.use(callTimeLimit(keyCallLimits));
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  if (SecretString === undefined) throw new Error(`the secret ${secretId} has no SecretString`);
  return SecretString;
}

export interface TokenRequest {
  readonly organisationId: string;
  /** For a token of one application only. */
  readonly applicationId?: string;
  /** Absent: the id derives from the token. */
  readonly tokenId?: string;
  readonly featureFlags?: readonly string[] | undefined;
  readonly capabilities?: readonly Capability[] | undefined;
  readonly generation?: number;
  readonly sessionId?: string | undefined;
  readonly integrationId?: string;
  readonly issuedAt: Date;
  /** Absent: it never expires. */
  readonly expiresAt?: Date;
}

export type SignToken = (request: TokenRequest) => Promise<string>;

/** Signs tokens that `createTokenVerifier` with the same secret accepts. */
export function createTokenSigner(source: JwtSecretSource): SignToken {
  const loadSecret = secretLoader(source);
  return async (request) => sign(await loadSecret(), request);
}

/** The same, with the secret itself. */
export const signToken = ({ secret, ...request }: TokenRequest & { readonly secret: string }): Promise<string> =>
  sign(toKey(secret), request);

function sign(key: Uint8Array, { organisationId, applicationId, ...request }: TokenRequest): Promise<string> {
  const { tokenId, featureFlags, capabilities: held, generation, sessionId, integrationId } = request;
  const claims = {
    ...(applicationId !== undefined && { org: organisationId }),
    ...(tokenId !== undefined && { jti: tokenId }),
    ...(featureFlags !== undefined && { feature_flags: [...featureFlags] }),
    ...(held !== undefined && { capabilities: [...held] }),
    ...(generation !== undefined && { gen: generation }),
    ...(sessionId !== undefined && { sid: sessionId }),
    ...(integrationId !== undefined && { integ: integrationId }),
  };
  const token = new SignJWT(claims)
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .setIssuer('posthorn')
    .setSubject(applicationId ?? organisationId)
    .setIssuedAt(request.issuedAt);
  return (request.expiresAt ? token.setExpirationTime(request.expiresAt) : token).sign(key);
}
