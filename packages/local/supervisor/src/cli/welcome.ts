import { isAbsolute, relative } from 'node:path';
import type { System } from '../system.ts';

export interface WelcomeOptions {
  /** The directory of the user. Paths are printed relative to it. */
  readonly directory: string;
  /** Private networks where endpoints are allowed. */
  readonly allowedSubnets: readonly string[];
}

const receiver =
  'require("http").createServer((req, res) => { console.log(req.headers); req.pipe(process.stdout); res.end() }).listen(9000)';

/** Returns the text that is printed when everything runs: the line that programs wait for, and a first event to try. */
export function welcome(
  { url, folder }: Pick<System, 'url' | 'folder'>,
  { directory, allowedSubnets }: WelcomeOptions,
): string {
  const api = `${url}/api/v1`;
  const curl = (path: string, body: string) =>
    `curl -sw '\\n' ${api}${path} -H "Authorization: Bearer $TOKEN" -d '${body}'`;
  return `Posthorn ready at ${url}

In a second terminal, start a receiver that prints webhooks:

  node -e '${receiver}'

In a third terminal, send a first event to it:

  TOKEN=$(cat ${shellWord(pathFrom(directory, folder.tokenFile))})
  ${curl('/app', '{"name":"Acme","uid":"acme"}')}
  ${curl('/event-type', '{"name":"order.paid","description":"An order was paid"}')}
  ${curl('/app/acme/endpoint', '{"url":"http://localhost:9000/webhooks"}')}
  ${curl('/app/acme/msg', '{"eventType":"order.paid","payload":{"orderId":7}}')}

${sayWhatIsAllowed(allowedSubnets)}
The API reference is at ${url}/docs. Ctrl+C stops everything.
`;
}

const sayWhatIsAllowed = (subnets: readonly string[]): string =>
  subnets.length === 0
    ? 'Endpoints must have public addresses (POSTHORN_ALLOWED_SUBNETS=none): the receiver above would not be called.'
    : `For trying out, endpoints may be in private networks: ${subnets.join(', ')}. POSTHORN_ALLOWED_SUBNETS=none forbids it.`;

/** Returns a relative path if the file is below the directory, else the path unchanged. Services run in `/`. */
function pathFrom(directory: string, path: string): string {
  const below = relative(directory, path);
  return directory === '/' || below.startsWith('..') || isAbsolute(below) ? path : below;
}

const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
