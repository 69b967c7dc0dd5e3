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
   * The body as text. A byte order mark stays.
   *
   * @throws WebhookError `body_not_json` if it is not UTF-8
   */
  text(): string;
  /**
   * The body as a value, read at each call. Numbers become what JavaScript makes of them: 12345678901234567890 becomes
   * 12345678901234567000. With a reviver nothing is lost on Node.js 22 or later, since it gets the text of each number.
   *
   * @throws WebhookError `body_not_json`. If a handler lets it through, 400 is answered.
   * @throws what the reviver throws
   * @example
   * message.json((_key, value, context) =>
   *   typeof value === 'number' && /^-?\d+$/.test(context?.source ?? '') ? BigInt(context?.source ?? '') : value,
   * );
   */
  json<T = unknown>(reviver?: JsonReviver): T;
}

/** The bodies of which a message has said that they are not JSON, by the error it has thrown. */
const bodiesOfErrors = new WeakMap<WebhookError, Buffer>();

/** Whether the message itself has thrown the error, because of its body. */
export const isErrorOfBody = (error: unknown, { body }: VerifiedMessage): boolean =>
  error instanceof WebhookError && bodiesOfErrors.get(error) === body;

export function createMessage(signed: Pick<VerifiedMessage, 'id' | 'timestamp' | 'body'>): VerifiedMessage {
  const refuse = (reason: string): never => {
    const error = new WebhookError('body_not_json', reason);
    bodiesOfErrors.set(error, signed.body);
    throw error;
  };
  const text = (): string => readText(signed.body) ?? refuse('The body is not UTF-8.');
  const json = (reviver?: JsonReviver): unknown => {
    const source = text().replace(byteOrderMark, '');
    try {
      return JSON.parse(source, reviver);
    } catch (error) {
      const reason = explainSyntax(source);
      // Without a reason the text is JSON, and the reviver has thrown.
      if (reason === undefined) throw error;
      return refuse(reason);
    }
  };
  return { ...signed, text, json: <T>(reviver?: JsonReviver) => json(reviver) as T };
}

const byteOrderMark = /^\uFEFF/;

function readText(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

/** @returns why a text is not JSON, or undefined if it is. The error of JSON.parse quotes the text, and this does not. */
function explainSyntax(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const [, position] = /at position (\d+)(?: \(line \d+ column \d+\))?$/.exec((error as Error).message) ?? [];
    return position === undefined ? 'The body is not JSON.' : `The body is not JSON: see position ${position}.`;
  }
}
