import type { SigningSecret } from '@posthorn/core/signing/secret';
import type { PolledMessage } from '../messages/read-poll-answer.ts';
import { isWanted, type MessageFilter } from '../messages/wanted-messages.ts';
import type { Prepared } from '../signing/prepared.ts';
import { createTransformer } from '../transformation/create-transformer.ts';
import type { EndpointSettings } from './endpoint-settings.ts';
import { prepareAsEndpoint, prepareAsSent } from './prepare-message.ts';
import { secretOfEndpoint } from './secret-of-endpoint.ts';

/** Which messages are sent, and as what. */
export interface MessageRules {
  isWanted(message: PolledMessage): Promise<boolean>;
  prepare(message: PolledMessage): Promise<Prepared>;
  end(): Promise<void>;
}

/** Messages as they were sent to the application. */
export const createPlainRules = (filter: MessageFilter, secret: SigningSecret): MessageRules => ({
  isWanted: async (message) => isWanted(filter, message),
  prepare: async (message) => prepareAsSent(message, secret),
  end: async () => undefined,
});

interface EndpointRulesOptions {
  /** Of the command line. The endpoint's own filter counts too. */
  readonly filter: MessageFilter;
  /** Signs instead of the endpoint's own secret. */
  readonly secret?: SigningSecret | undefined;
}

/** Messages as an endpoint would get them. @param current - its settings as they are now */
export function createEndpointRules(
  current: () => Promise<EndpointSettings>,
  { filter, secret }: EndpointRulesOptions,
): MessageRules {
  const transformer = createTransformer();
  return {
    isWanted: async (message) => isWanted(filter, message) && isWanted((await current()).filter, message),
    prepare: async (message) => {
      const settings = await current();
      return prepareAsEndpoint(message, settings, { secret: secret ?? secretOfEndpoint(settings), transformer });
    },
    end: () => transformer.end(),
  };
}
