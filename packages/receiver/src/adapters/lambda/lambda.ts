import { createReceiver, type ReceiveOptions } from '../../receive/receiver.ts';
import { type LambdaHttpEvent, requireHttpEvent, toReceivedRequest } from './http-event.ts';
import { type LambdaHttpResult, toHttpResult } from './http-result.ts';

export type { LambdaHttpEvent } from './http-event.ts';
export type { LambdaHttpResult } from './http-result.ts';

const remedy = 'Give createLambdaReceiver the event as Lambda gave it.';

/**
 * Makes the handler of a function that receives messages through API Gateway (REST or HTTP API), a function URL or a
 * load balancer. Which of them sent an event is seen from the event.
 *
 * @throws WebhookError `key_invalid` at once, so that the function fails at its cold start
 * @example
 * export const handler = createLambdaReceiver({ keys: process.env.WEBHOOK_KEY, handle: (message) => save(message.json()) });
 */
export function createLambdaReceiver(options: ReceiveOptions): (event: LambdaHttpEvent) => Promise<LambdaHttpResult> {
  const receive = createReceiver(options);
  return async (event) => {
    requireHttpEvent(event);
    return toHttpResult(event, await receive(toReceivedRequest(event, remedy)));
  };
}
