import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Reach } from './kill-points.ts';

/** A request is on its way to its receiver some milliseconds after it was written. */
const onItsWayMs = 5;
/** Requests of AWS clients go to this path. Those of a test's endpoints do not. */
const awsPath = '/';

/** Observes the requests to endpoints by what Node publishes about them. Functions do not notice it. */
export function watchRequests(reach: Reach): void {
  const observe = (name: string, see: (request: ClientRequest, response?: IncomingMessage) => void) =>
    subscribe(name, (message) => {
      // Node documents this message of its HTTP channels.
      const { request, response } = message as { readonly request: ClientRequest; readonly response?: IncomingMessage };
      if (request.path !== awsPath) see(request, response);
    });
  observe('http.client.request.created', () => reach({ gate: 'request', when: 'before' }));
  observe('http.client.request.start', () => setTimeout(() => reach({ gate: 'request', when: 'during' }), onItsWayMs));
  observe('http.client.response.finish', (_, response) => {
    const { statusCode = 0 } = response ?? {};
    if (statusCode >= 200 && statusCode < 300) reach({ gate: 'request', when: 'after' });
  });
}
