import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Journal } from './journal.ts';
import type { Reach } from './kill-points.ts';
import { presentWork } from './present-work.ts';

/** A request is on its way to its receiver some milliseconds after it was written. */
const onItsWayMs = 5;
/** Requests of AWS clients go to this path. Those of a test's endpoints do not. */
const awsPath = '/';

export interface Journals {
  readonly journal: Journal;
  /** For what happens often. */
  readonly workLog: Journal;
}

/** Observes the requests to endpoints by what Node publishes about them. Functions do not notice it. */
export function watchRequests(reach: Reach, { journal, workLog }: Journals): void {
  const observe = (name: string, see: (request: ClientRequest, response?: IncomingMessage) => void) =>
    subscribe(name, (message) => {
      // Node documents this message of its HTTP channels.
      const { request, response } = message as { readonly request: ClientRequest; readonly response?: IncomingMessage };
      if (request.path !== awsPath) see(request, response);
    });
  const note = createReadWatch(journal);
  observe('http.client.request.created', (request) => {
    const messageId = headerOf(request, 'webhook-id');
    if (messageId !== undefined) {
      const timestamp = Number(headerOf(request, 'webhook-timestamp'));
      workLog.add({ kind: 'sent', work: presentWork(), path: request.path, messageId, timestamp });
      note(request);
    }
    reach({ gate: 'request', when: 'before' });
  });
  observe('http.client.request.start', () => setTimeout(() => reach({ gate: 'request', when: 'during' }), onItsWayMs));
  observe('http.client.response.finish', (_, response) => {
    const { statusCode = 0 } = response ?? {};
    if (statusCode >= 200 && statusCode < 300) reach({ gate: 'request', when: 'after' });
  });
}

/**
 * A header of a request whose headers were given as a list: Node makes a text of them at once, and keeps that under this
 * name only.
 */
function headerOf(request: ClientRequest, name: string): string | undefined {
  const { _header: text = '' } = request as { readonly _header?: string };
  const start = `\r\n${name}: `;
  const at = text.indexOf(start);
  return at === -1 ? undefined : text.slice(at + start.length, text.indexOf('\r\n', at + start.length));
}

/** Writes down each answer of which more was read than of all before. */
function createReadWatch(journal: Journal): (request: ClientRequest) => void {
  let most = 0;
  return (request) =>
    request.once('socket', (socket) => {
      const before = socket.bytesRead;
      request.once('close', () => {
        const bytes = socket.bytesRead - before;
        if (bytes <= most) return;
        most = bytes;
        journal.add({ kind: 'most-read', path: request.path, bytes });
      });
    });
}
