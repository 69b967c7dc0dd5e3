import { mergeSpellings } from '../endpoint/header-rules.ts';
import { version } from '../version.ts';
import type { SigningSecret } from './secret.ts';
import { type SignedContent, signMessage } from './sign-message.ts';

/** How Posthorn names itself to endpoints. */
const userAgent = `Posthorn/${version}`;

export interface AttemptHeadersInput extends SignedContent {
  readonly contentType: string;
  readonly secrets: readonly SigningSecret[];
  /** The endpoint's own headers. One with the name of a header of ours is left out, whatever its case. */
  readonly endpointHeaders: Readonly<Record<string, string>>;
}

/**
 * The headers of one attempt: id, time and signature under their standard names (`webhook-…`) and under Svix's
 * (`svix-…`), so that verifiers of either kind accept it.
 */
export function attemptHeaders(input: AttemptHeadersInput): Readonly<Record<string, string>> {
  const { messageId } = input;
  const timestamp = String(input.timestamp);
  const signature = signMessage(input, input.secrets);
  const headers: Record<string, string> = {
    'content-type': input.contentType,
    'user-agent': userAgent,
    'webhook-id': messageId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature,
    'svix-id': messageId,
    'svix-timestamp': timestamp,
    'svix-signature': signature,
  };
  for (const [name, value] of Object.entries(mergeSpellings(input.endpointHeaders)))
    if (!Object.hasOwn(headers, name.toLowerCase())) headers[name] = value;
  return headers;
}
