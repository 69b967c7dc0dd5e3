import { createHmac } from 'node:crypto';

export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** A request as a sender puts it on the wire. */
export interface Delivery {
  readonly method: string;
  readonly headers: HeaderPairs;
  readonly body: Buffer;
}

export const aKey = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** Every value of a byte: bodies need not be UTF-8. */
export const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

interface Changes {
  readonly id?: string;
  readonly body?: string | Buffer;
  readonly method?: string;
  /** Instead of application/json. null: none. */
  readonly contentType?: string | null;
  readonly moreHeaders?: HeaderPairs;
}

/** A signed message, sent now. */
export function aDelivery({ id = 'msg_1', body = '{"a":1}', method = 'POST', ...headers }: Changes = {}): Delivery {
  const bytes = Buffer.from(body);
  const { contentType = 'application/json', moreHeaders = [] } = headers;
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', Buffer.from(aKey.slice('whsec_'.length), 'base64'))
    .update(`${id}.${timestamp}.`)
    .update(bytes)
    .digest('base64');
  return {
    method,
    body: bytes,
    headers: [
      ...(contentType === null ? [] : ([['Content-Type', contentType]] as const)),
      ['Webhook-Id', id],
      ['webhook-timestamp', timestamp],
      ['webhook-signature', `v1,${signature}`],
      ...moreHeaders,
    ],
  };
}
