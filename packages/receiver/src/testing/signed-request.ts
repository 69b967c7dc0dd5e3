import { attemptHeaders, parseSigningSecret } from '@posthorn/core';

/** A request as Posthorn sends it, signed by its own code. @param timestamp - seconds since 1970 */
export function signedRequest({
  id = 'msg_1',
  body = '{"a":1}',
  secrets,
  timestamp,
}: {
  readonly id?: string;
  readonly body?: string;
  readonly secrets: readonly string[];
  readonly timestamp: number;
}) {
  const headers = attemptHeaders({
    messageId: id,
    timestamp,
    body,
    contentType: 'application/json',
    secrets: secrets.map(parseSigningSecret),
    endpointHeaders: {},
  });
  return { headers, body: Buffer.from(body) };
}
