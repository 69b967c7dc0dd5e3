import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Storage } from './types.ts';

/** Rows about the folder as a whole. No user of the storage takes keys with this letter. */
const markKey = (name: string): string => `!/${name}`;

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

/**
 * Checks that a secret is the one with which the rows were stored. The first call for a name remembers a check value,
 * from which nobody can get the secret.
 *
 * @param file - names the secret in errors
 * @param secret - absent if the file is missing: call this before a new one is created
 * @throws SecretDiffers
 * @example
 * await requireSameSecret(storage, { name: 'master-key', file: '.data/master-key', secret });
 */
export async function requireSameSecret(
  storage: Pick<Storage, 'get' | 'commit'>,
  { name, file, secret }: { readonly name: string; readonly file: string; readonly secret: Buffer | undefined },
): Promise<void> {
  const key = markKey(`secret-check/${name}`);
  const kept = storage.get(key);
  if (kept === undefined) {
    if (!secret) return;
    const salt = randomBytes(16).toString('hex');
    await storage.commit([{ type: 'put', key, value: `${salt}.${checkValue(secret, salt)}` }], { essential: true });
    return;
  }
  if (!secret) throw new SecretDiffers(file, 'is missing');
  const [salt = '', expected = ''] = kept.split('.');
  const found = Buffer.from(checkValue(secret, salt));
  if (found.length !== expected.length || !timingSafeEqual(found, Buffer.from(expected))) {
    throw new SecretDiffers(file, 'is another one than before');
  }
}

const checkValue = (secret: Buffer, salt: string): string =>
  createHmac('sha256', secret).update(`posthorn secret check ${salt}`).digest('hex');
