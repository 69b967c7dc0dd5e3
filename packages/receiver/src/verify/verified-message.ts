import { WebhookError } from '../webhook-error.ts';

/**
 * Decides what becomes of a value while JSON is read, as the second argument of `JSON.parse` does.
 *
 * @param context - `source` is the text of a number, string or other simple value. Node.js 20 gives no context.
 */
export type JsonReviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

export interface VerifiedMessage {
  /** The same on every attempt, and at every endpoint. */
  readonly id: string;
  /** When this attempt was signed. */
  readonly timestamp: Date;
  /** The bytes that were signed. */
  readonly body: Buffer;
  /**
   * The body as text.
   *
   * @throws WebhookError `body_not_json` if it is not UTF-8
   */
  text(): string;
  /**
   * The body as a value, read at each call. Numbers become what JavaScript makes of them: 12345678901234567890 becomes
   * 12345678901234567000. With a reviver nothing is lost on Node.js 22 or later, since it gets the text of each number.
   *
   * @throws WebhookError `body_not_json`
   * @example
   * message.json((_key, value, context) => (Number.isInteger(value) ? BigInt(context.source) : value));
   */
  json<T = unknown>(reviver?: JsonReviver): T;
}

export function createMessage(signed: Pick<VerifiedMessage, 'id' | 'timestamp' | 'body'>): VerifiedMessage {
  const text = (): string => readText(signed.body);
  return { ...signed, text, json: <T>(reviver?: JsonReviver) => parse(text(), reviver) as T };
}

function readText(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new WebhookError('body_not_json', 'The body is not UTF-8.', { cause });
  }
}

function parse(text: string, reviver?: JsonReviver): unknown {
  try {
    return JSON.parse(text, reviver);
  } catch (cause) {
    // The text of the cause quotes the body.
    throw new WebhookError('body_not_json', 'The body is not JSON.', { cause });
  }
}
