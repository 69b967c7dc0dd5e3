/**
 * Writes the body of the request that makes a message. The payload goes into it as it is, because its bytes are what is
 * signed and sent: parsing and writing it again would change numbers above 2^53. White space before and after it is not
 * part of the JSON value, so the server cannot keep it.
 *
 * @param fields - all fields but the payload
 * @param payload - the text of a JSON object
 */
export const toMessageText = (fields: Readonly<Record<string, unknown>>, payload: string): string =>
  `{"payload":${payload.trim()},${JSON.stringify(fields).slice(1)}`;

/** The same for a text that is sent as it is, with a media type of its own. */
export const toRawMessageText = (
  fields: Readonly<Record<string, unknown>>,
  text: string,
  contentType: string,
): string =>
  JSON.stringify({ ...fields, transformationsParams: { rawPayload: text, headers: { 'content-type': contentType } } });
