import { version } from '@posthorn/core/version';
import { CliError } from '../exit/cli-error.ts';
import type { HttpAnswer, HttpClient } from './exchange.ts';
import { notPosthorn, requireOfPosthorn } from './not-posthorn.ts';
import { toRefusal } from './refusal.ts';
import { operationUrl, type Query } from './server-url.ts';

/** One request to the API. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/app/{app_id}` or `/api/v1/app/{app_id}`. Its parts must be escaped: see `pathOf`. */
  readonly path: string;
  readonly query?: Query;
  /** A value is sent as JSON. Text and bytes are sent as they are. */
  readonly body?: unknown;
  /** More headers, by name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the request before its time, with an error of the kind `interrupted`. */
  readonly signal?: AbortSignal;
  /** For the whole exchange. Default: 30 s. */
  readonly timeoutMs?: number;
  /** The longest body of the answer. Default: 16 MiB. */
  readonly maxBytes?: number;
  /** False: a request that reads is not repeated after a passing failure. */
  readonly retry?: boolean;
}

export interface Answer extends HttpAnswer {
  readonly text: string;
  /**
   * The body as JSON: an object or a list. Numbers above 2^53 are not exact.
   *
   * @throws CliError `not_posthorn` if it is something else
   */
  json<Value = unknown>(): Value;
}

/** A server, and the token to use there. */
export interface Connection {
  /** Its address, without `/api/v1`. */
  readonly server: string;
  /** The profile that it is from. `undefined`: the environment. */
  readonly profile: string | undefined;
  readonly token: string | undefined;
  /** Sends a request, and returns the answer of any status. @throws CliError `unreachable` or `failed` without one */
  send(operation: Operation): Promise<Answer>;
  /** Sends a request, and returns the answer of a success. @throws CliError with the server's reason otherwise */
  call(operation: Operation): Promise<Answer>;
}

export interface ConnectionOptions {
  readonly server: string;
  readonly profile?: string | undefined;
  readonly token?: string | undefined;
  readonly client: HttpClient;
  /** Called with one line for each request, for `--verbose`. */
  readonly trace: (line: string) => void;
  readonly wait: (ms: number) => Promise<void>;
}

const defaultTimeoutMs = 30_000;
const defaultMaxBytes = 16 * 1024 * 1024;
/** A request that only reads is sent up to three times: a server that restarts closes connections. */
const waitsMs = [250, 1_000];

export function createConnection({ client, trace, wait, ...place }: ConnectionOptions): Connection {
  const sendOnce = async (operation: Operation): Promise<Answer> => {
    const url = operationUrl(place.server, operation.path, operation.query);
    const started = performance.now();
    const request = `${operation.method} ${url.href}`;
    const after = () => `${Math.round(performance.now() - started)} ms`;
    try {
      const answer = await client.exchange(toRequest(operation, url, place.token));
      trace(`${request}: ${answer.status}, ${answer.bytes.length} bytes, ${after()}`);
      return toAnswer(answer, place.server);
    } catch (error) {
      trace(`${request}: ${(error as Error).message}, ${after()}`);
      throw error;
    }
  };
  const send = async (operation: Operation): Promise<Answer> => {
    const waits = operation.retry !== false && operation.method === 'GET' ? waitsMs : [];
    for (const waitMs of waits) {
      const answer = await sendOnce(operation).catch(ifPassing);
      if (answer && !isPassing(answer)) return answer;
      await wait(waitMs);
    }
    return sendOnce(operation);
  };
  return {
    ...place,
    profile: place.profile,
    token: place.token,
    send,
    async call(operation) {
      const answer = await send(operation);
      if (answer.status >= 200 && answer.status < 300) return requireOfPosthorn(answer, place.server);
      throw toRefusal(answer, `${operation.method} ${operation.path}`);
    },
  };
}

const isPassing = ({ status }: HttpAnswer): boolean => [502, 503, 504].includes(status);

/** Only a connection that was lost is worth another try: the others would fail again, or take as long again. */
function ifPassing(error: unknown): undefined {
  if ((error as { readonly code?: unknown }).code !== 'connection_lost') throw error;
}

function toRequest({ method, body, headers, signal, timeoutMs, maxBytes }: Operation, url: URL, token?: string) {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const bytes = body === undefined ? undefined : Buffer.from(isRaw ? body : JSON.stringify(body));
  return {
    method,
    url,
    headers: {
      accept: 'application/json',
      'user-agent': `posthorn-cli/${version}`,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(bytes && { 'content-type': 'application/json', 'content-length': String(bytes.length) }),
      ...headers,
    },
    body: bytes,
    signal,
    timeoutMs: timeoutMs ?? defaultTimeoutMs,
    maxBytes: maxBytes ?? defaultMaxBytes,
  };
}

const toAnswer = (answer: HttpAnswer, server: string): Answer => {
  const text = answer.bytes.toString('utf8');
  return { ...answer, text, json: () => parseBody(text, server) };
};

function parseBody<Value>(text: string, server: string): Value {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notPosthorn(server, error);
  }
  if (typeof value !== 'object' || value === null) throw notPosthorn(server);
  // The caller names the schema of the operation. Only what is no JSON of Posthorn at all is found here.
  return value as Value;
}

/**
 * Writes a path with escaped values.
 *
 * @throws CliError `usage` for a value that would lead to another path: an empty one, `.` or `..`
 * @example pathOf`/app/${'a/b'}/msg` // => '/app/a%2Fb/msg'
 */
export const pathOf = (texts: TemplateStringsArray, ...values: readonly string[]): string =>
  String.raw({ raw: texts }, ...values.map(toSegment));

function toSegment(value: string): string {
  if (/^\.{0,2}$/.test(value))
    throw new CliError('usage', `"${value}" is no id, uid or name`, { remedy: 'Check the names on the command line' });
  return encodeURIComponent(value);
}
