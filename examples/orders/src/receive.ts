import express, { type RequestHandler } from 'express';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

/** Does the work of one event. It may be called with the same id again. */
export type HandleEvent = (eventId: string, event: unknown) => Promise<void>;

/**
 * What a receiver does with every request: verify the raw bytes, do the work, and answer 2xx when it is done. Any other
 * answer makes Posthorn try again later.
 *
 * @param findSecret - returns the secret of the endpoint (`whsec_…`)
 */
export const receive = (findSecret: () => string, handle: HandleEvent): RequestHandler[] => [
  // The signature covers the bytes, and parsing and printing the JSON would change them.
  express.raw({ type: '*/*', limit: '1mb' }),
  async (request, response) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    try {
      new Webhook(findSecret()).verify(request.body, headers);
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
      response.status(401).json({ problem: error.message });
      return;
    }
    await handle(String(headers['webhook-id']), JSON.parse(request.body.toString()));
    response.status(204).end();
  },
];
