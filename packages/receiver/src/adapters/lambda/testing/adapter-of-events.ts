import type { ReceiveOptions } from '../../../receive/receiver.ts';
import type { Delivery } from '../../testing/a-delivery.ts';
import type { AdapterAnswer, StartAdapter } from '../../testing/adapter-promises.ts';
import type { LambdaHttpEvent } from '../http-event.ts';
import type { LambdaHttpResult } from '../http-result.ts';

type Handler = (event: LambdaHttpEvent) => Promise<LambdaHttpResult>;

/** A function that gets each request as an event, as text: AWS passes events as JSON. */
export const startWithEvents =
  (createHandler: (options: ReceiveOptions) => Handler, toEvent: (delivery: Delivery) => object): StartAdapter =>
  async (options) => {
    const handler = createHandler(options);
    return {
      send: async (delivery) => readResult(await handler(JSON.parse(JSON.stringify(toEvent(delivery))))),
    };
  };

function readResult({ statusCode, headers = {}, multiValueHeaders = {}, body }: LambdaHttpResult): AdapterAnswer {
  const first = Object.entries(multiValueHeaders).map(([name, values]) => [name, values.join()]);
  return { status: statusCode, headers: { ...headers, ...Object.fromEntries(first) }, body };
}
