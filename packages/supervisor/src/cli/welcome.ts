import { relative } from 'node:path';
import type { System } from '../system.ts';

/** What is printed once everything runs: the line that programs wait for, and a first event to try. */
export function welcome({ url, folder }: Pick<System, 'url' | 'folder'>): string {
  const tokenFile = relative(process.cwd(), folder.tokenFile);
  const api = `${url}/api/v1`;
  return `Posthorn ready at ${url}

Send a first event, in another terminal:

  TOKEN=$(cat ${tokenFile})
  curl -s ${api}/app -H "Authorization: Bearer $TOKEN" -d '{"name":"Acme","uid":"acme"}'
  curl -s ${api}/event-type -H "Authorization: Bearer $TOKEN" -d '{"name":"order.paid","description":"An order was paid"}'
  curl -s ${api}/app/acme/endpoint -H "Authorization: Bearer $TOKEN" -d '{"url":"http://localhost:9000/webhooks"}'
  curl -s ${api}/app/acme/msg -H "Authorization: Bearer $TOKEN" -d '{"eventType":"order.paid","payload":{"orderId":7}}'

The API is described at ${url}/docs. Ctrl+C stops everything.
`;
}
