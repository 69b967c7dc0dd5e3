import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Finding } from '../errors.ts';

/** A secret beside the folder that the rows depend on. */
export interface OwnSecret {
  readonly name: string;
  /** The file of the secret. It names the secret in errors. */
  readonly file: string;
  /** Absent if the file is missing. */
  readonly secret: Buffer | undefined;
}

/** A secret that the rows depend on is missing, or is another one. */
export class SecretDiffers extends Error {
  constructor(file: string, problem: string) {
    super(
      `${file} ${problem}. The data was stored with another one, and what is sealed in it cannot be read without that. ` +
        'Nothing was changed. Put the right file back, for example from a backup',
    );
    this.name = 'SecretDiffers';
  }
}

/** A check value for each secret, by its name. The secret cannot be computed from it. */
export type SecretChecks = Readonly<Record<string, string>>;

/**
 * Checks that each secret is the one with which the rows were stored.
 *
 * @returns check values for the secrets that have none yet
 * @throws SecretDiffers
 */
export function checkSecrets(kept: SecretChecks, secrets: readonly OwnSecret[]): SecretChecks {
  const [other] = findOtherSecrets(kept, secrets);
  if (other) throw new SecretDiffers(other.file, other.problem);
  const added = secrets.flatMap(({ name, secret }) => {
    if (!secret || kept[name] !== undefined) return [];
    const salt = randomBytes(16).toString('hex');
    return [[name, `${salt}.${checkValue(secret, salt)}`]];
  });
  return Object.fromEntries(added);
}

/** Returns what is wrong with the secrets. */
export const findOtherSecrets = (kept: SecretChecks, secrets: readonly OwnSecret[]): readonly Finding[] =>
  secrets.flatMap(({ name, file, secret }) => {
    const check = kept[name];
    if (check === undefined) return [];
    if (!secret) return [{ file, problem: 'is missing' }];
    return isSame(check, secret) ? [] : [{ file, problem: 'is another one than before' }];
  });

function isSame(check: string, secret: Buffer): boolean {
  const [salt = '', expected = ''] = check.split('.');
  const found = Buffer.from(checkValue(secret, salt));
  return found.length === expected.length && timingSafeEqual(found, Buffer.from(expected));
}

const checkValue = (secret: Buffer, salt: string): string =>
  createHmac('sha256', secret).update(`posthorn secret check ${salt}`).digest('hex');
