import { isAbsolute, relative } from 'node:path';
import type { System } from '../system.ts';

export interface WelcomeOptions {
  /** Where the person stands who reads it: paths are told from there. */
  readonly directory: string;
}

const receiver =
  'require("http").createServer((req, res) => { console.log(req.headers); req.pipe(process.stdout); res.end() }).listen(9000)';

/** What is printed once everything runs: the line that programs wait for, and a first event to try. */
export function welcome({ url, folder }: Pick<System, 'url' | 'folder'>, { directory }: WelcomeOptions): string {
  const api = `${url}/api/v1`;
  const curl = (path: string, body: string) =>
    `curl -sw '\\n' ${api}${path} -H "Authorization: Bearer $TOKEN" -d '${body}'`;
  return `Posthorn ready at ${url}

Something that receives webhooks and prints them, in another terminal:

  node -e '${receiver}'

A first event to it, in one more:

  TOKEN=$(cat ${shellWord(pathFrom(directory, folder.tokenFile))})
  ${curl('/app', '{"name":"Acme","uid":"acme"}')}
  ${curl('/event-type', '{"name":"order.paid","description":"An order was paid"}')}
  ${curl('/app/acme/endpoint', '{"url":"http://localhost:9000/webhooks"}')}
  ${curl('/app/acme/msg', '{"eventType":"order.paid","payload":{"orderId":7}}')}

The API is described at ${url}/docs. Ctrl+C stops everything.
`;
}

/** The relative path for what is below the directory, the whole one for anything else. */
function pathFrom(directory: string, path: string): string {
  const below = relative(directory, path);
  return below.startsWith('..') || isAbsolute(below) ? path : below;
}

const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
