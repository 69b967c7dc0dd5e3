import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

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
  const added: Record<string, string> = {};
  for (const { name, file, secret } of secrets) {
    const check = kept[name];
    if (check !== undefined) requireSame(check, file, secret);
    else if (secret) {
      const salt = randomBytes(16).toString('hex');
      added[name] = `${salt}.${checkValue(secret, salt)}`;
    }
  }
  return added;
}

function requireSame(check: string, file: string, secret: Buffer | undefined): void {
  if (!secret) throw new SecretDiffers(file, 'is missing');
  const [salt = '', expected = ''] = check.split('.');
  const found = Buffer.from(checkValue(secret, salt));
  if (found.length !== expected.length || !timingSafeEqual(found, Buffer.from(expected))) {
    throw new SecretDiffers(file, 'is another one than before');
  }
}

const checkValue = (secret: Buffer, salt: string): string =>
  createHmac('sha256', secret).update(`posthorn secret check ${salt}`).digest('hex');
