/**
 * Every cause for which a request is refused, with the HTTP status to answer. None of them is 410, at which a sender
 * would disable the endpoint.
 */
const statuses = {
  /** A key of the receiver is malformed. Thrown when the receiver is made, before the first request. */
  key_invalid: 500,
  /** The body is not the bytes that were sent: something has read or parsed it before. */
  body_not_raw: 500,
  body_too_large: 413,
  /** The connection ended within the body. */
  body_incomplete: 400,
  /** The body has a Content-Encoding. */
  body_encoded: 415,
  /** The request is not a POST. */
  method_not_allowed: 405,
  header_missing: 400,
  /** A header came more than once. */
  header_repeated: 400,
  id_invalid: 400,
  timestamp_invalid: 400,
  timestamp_too_old: 400,
  timestamp_too_new: 400,
  too_many_signatures: 400,
  /** No signature has the form that its version asks for. */
  signature_malformed: 400,
  /** None of the signatures is of a version that one of the keys can check. */
  no_usable_signature: 401,
  signature_mismatch: 401,
  /** The handler asked for JSON, and the body is none. */
  body_not_json: 400,
} as const;

export type WebhookErrorCode = keyof typeof statuses;

/** A request that is refused, or a receiver that cannot work. Its text never has a key or a part of the body. */
export class WebhookError extends Error {
  readonly code: WebhookErrorCode;
  /** The HTTP status that a receiver should answer. */
  readonly status: number;

  constructor(code: WebhookErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WebhookError';
    this.code = code;
    this.status = statuses[code];
  }
}
