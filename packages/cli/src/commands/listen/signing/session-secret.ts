import { randomBytes } from 'node:crypto';
import {
  createSigningSecret,
  InvalidSigningSecret,
  parseSigningSecret,
  type SigningSecret,
} from '@posthorn/core/signing/secret';
import { CliError } from '../../../exit/cli-error.ts';

/** The variable of the environment that has a secret of the caller. */
export const secretVariable = 'POSTHORN_SIGNING_SECRET';

const entropyBytes = 24;

/** A new secret for a session, in its text form. */
export const createSessionSecret = (): string => createSigningSecret(randomBytes(entropyBytes));

/**
 * Reads a secret. The text is never part of an error.
 *
 * @param source - where the text is from, for the error
 * @throws CliError `usage` if it is not a signing secret
 */
export function readSecret(text: string, source: string): SigningSecret {
  try {
    return parseSigningSecret(text.trim());
  } catch (error) {
    if (!(error instanceof InvalidSigningSecret)) throw error;
    throw new CliError('usage', `${source} is no signing secret: ${error.message}`, {
      code: 'secret_invalid',
      remedy: 'Write whsec_ (or whsk_) and the key in base64',
    });
  }
}
