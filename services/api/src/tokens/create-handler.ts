import { createDataKeyRepository } from '@posthorn/models/data-keys';
import { createInsertApplication } from '@posthorn/models/insert-application';
import { createIntegrationRepository } from '@posthorn/models/integrations';
import { createTokenRepository } from '@posthorn/models/tokens';
import { createSecretBox, sealingKeyOf } from '@posthorn/secrets/secret-box';
import { createTokenSigner } from '@posthorn/secrets/tokens';
import { jwtSecretOf } from '../cold-start/configuration.ts';
import type { FunctionHost } from '../cold-start/function-host.ts';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import { createTokensApi } from './tokens-api.ts';

export function createHandler(host: FunctionHost) {
  const { configuration, store, ...deps } = loadApiDeps('tokens', host);

  return createTokensApi({
    ...deps,
    insertApplication: createInsertApplication(store),
    tokens: createTokenRepository(store),
    integrations: createIntegrationRepository(store),
    signToken: createTokenSigner(jwtSecretOf(configuration)),
    portalUrl: configuration.portalUrl,
    seal: createSecretBox({ key: sealingKeyOf(configuration), dataKeys: createDataKeyRepository(store) }),
  });
}
