import type { Agent, IncomingMessage } from 'node:http';
import { CliError } from '../exit/cli-error.ts';
import type { Io } from '../terminal/io.ts';
import { describeFailure } from './describe-failure.ts';
import { findProxy, proxyAuthorization } from './proxy.ts';
import { createTunnelAgent } from './tunnel.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  /** Ends the request before its time. */
  readonly signal?: AbortSignal | undefined;
  /** The longest time for the whole exchange, the body of the answer included. */
  readonly timeoutMs: number;
  /** The longest body of an answer that is read. */
  readonly maxBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names are in small letters. Values of repeated headers are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/** Makes HTTP requests, through a proxy if the environment names one. Redirects are not followed. */
export interface HttpClient {
  /** @throws CliError `unreachable` without an answer; `failed` if it is too long; `interrupted` by `stop` */
  exchange(request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}

export function createHttpClient({ env, stop }: Pick<Io, 'env' | 'stop'>): HttpClient {
  const closing = new AbortController();
  const agents = new Map<string, Promise<Agent>>();
  const agentFor = (url: URL, proxy: URL | undefined): Promise<Agent> => {
    const key = `${url.protocol} ${proxy?.href ?? ''}`;
    const agent = agents.get(key) ?? createAgent(url, proxy, closing.signal);
    agents.set(key, agent);
    return agent;
  };
  return {
    async exchange(request) {
      const proxy = findProxy(request.url, env);
      const agent = await agentFor(request.url, proxy);
      return withLimits(request, stop, (signal) => askOnce(request, { agent, proxy, signal }));
    },
    close() {
      closing.abort();
      for (const agent of agents.values()) agent.then((open) => open.destroy());
    },
  };
}

async function createAgent(url: URL, proxy: URL | undefined, closed: AbortSignal): Promise<Agent> {
  if (url.protocol === 'https:' && proxy) return createTunnelAgent(proxy, closed);
  // Plain HTTP through a proxy is a request to the proxy.
  const { Agent } = (proxy ?? url).protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Agent({ keepAlive: true });
}

/** Runs an exchange until its time limit, its own signal or the end of the program. */
async function withLimits<Result>(
  { url, signal, timeoutMs }: HttpRequest,
  stop: AbortSignal,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const limit = new AbortController();
  const end = () => limit.abort();
  const timer = setTimeout(end, timeoutMs);
  const signals = [stop, ...(signal ? [signal] : [])];
  for (const one of signals) {
    if (one.aborted) end();
    one.addEventListener('abort', end);
  }
  try {
    return await run(limit.signal);
  } catch (error) {
    if (signals.some(({ aborted }) => aborted)) throw new CliError('interrupted', 'Stopped', { cause: error });
    if (limit.signal.aborted) throw tooSlow(url, timeoutMs);
    throw describeFailure(error, { place: url.origin });
  } finally {
    clearTimeout(timer);
    for (const one of signals) one.removeEventListener('abort', end);
  }
}

const tooSlow = (url: URL, timeoutMs: number): CliError =>
  new CliError('unreachable', `${url.origin} did not answer within ${timeoutMs / 1_000} s`, {
    code: 'timed_out',
    remedy: 'Check the network and the server, and try again',
  });

interface Way {
  readonly agent: Agent;
  readonly proxy: URL | undefined;
  readonly signal: AbortSignal;
}

async function askOnce({ method, url, headers, body, maxBytes }: HttpRequest, way: Way): Promise<HttpAnswer> {
  const { proxy, agent, signal } = way;
  const isForwarded = proxy !== undefined && url.protocol === 'http:';
  const first = isForwarded ? proxy : url;
  const { request } = first.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const sent = request(first, {
    method,
    agent,
    signal,
    auth: null,
    headers: { ...headers, ...(isForwarded && proxyAuthorization(proxy)), host: url.host },
    path: isForwarded ? url.href : url.pathname + url.search,
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('error', reject).once('response', resolve);
  });
  sent.end(body);
  const answer = await answered;
  return { status: answer.statusCode ?? 0, headers: toHeaders(answer), bytes: await readBody(answer, maxBytes) };
}

const toHeaders = ({ headers }: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value = '']) => [name, [value].flat().join(', ')]));

async function readBody(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > maxBytes) {
      answer.destroy();
      throw new CliError('failed', `The answer is longer than ${maxBytes} bytes`, { code: 'answer_too_long' });
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}
