import type { SigningSecret } from '@posthorn/core/signing/secret';
import { CliError } from '../../../exit/cli-error.ts';
import { readSecret, secretVariable } from '../signing/session-secret.ts';
import type { EndpointSettings } from './endpoint-settings.ts';

const publicPrefix = 'whpk_';

/**
 * The secret of an endpoint.
 *
 * @throws CliError `failed` if it is a key pair: the API shows its public half only
 */
export function secretOfEndpoint({ id, secret = '' }: Pick<EndpointSettings, 'id' | 'secret'>): SigningSecret {
  if (secret.startsWith(publicPrefix))
    throw new CliError('failed', `The endpoint ${id} signs with a key pair (v1a), whose private key is never shown`, {
      code: 'private_key_hidden',
      remedy: `Set ${secretVariable} to its whsk_… if you have it, or to a whsec_… that the target knows too`,
    });
  return readSecret(secret, `The secret of the endpoint ${id}`);
}
