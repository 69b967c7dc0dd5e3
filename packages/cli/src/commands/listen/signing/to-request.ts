import { attemptHeaders } from '@posthorn/core/signing/attempt-headers';
import type { SigningSecret } from '@posthorn/core/signing/secret';
import type { PolledMessage } from '../messages/read-poll-answer.ts';

/** What is sent to the target. */
export interface TargetRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is sent for a message, before it is signed. */
export interface Outgoing {
  readonly method: string;
  readonly body: string;
  /** Of the endpoint, or what its transformation made of them. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs a message as a delivery is signed: by the same code, with the same headers, at the time `now`. */
export const toRequest = (
  { id, contentType }: Pick<PolledMessage, 'id' | 'contentType'>,
  { method, body, headers }: Outgoing,
  { secret, now }: { readonly secret: SigningSecret; readonly now: Date },
): TargetRequest => ({
  method,
  headers: attemptHeaders({
    messageId: id,
    timestamp: Math.floor(now.getTime() / 1000),
    body,
    contentType,
    secrets: [secret],
    endpointHeaders: headers,
  }),
  body,
});
