import type { SigningSecret } from '@posthorn/core/signing/secret';
import type { Outgoing } from './to-request.ts';

/** What is to be sent for a message, or why nothing is. */
export type Prepared =
  | {
      readonly kind: 'ready';
      readonly outgoing: Outgoing;
      readonly secret: SigningSecret;
      /** The URL that the transformation named, if it is another one than the endpoint's. */
      readonly url?: string;
    }
  | { readonly kind: 'canceled' }
  | { readonly kind: 'failed'; readonly reason: string };
