import { type AttemptResult, attemptTimeoutMs } from '@posthorn/core';
import { Agent, type Dispatcher } from 'undici';
import { createMayCallAddress, literalAddress, type MayCallAddress } from './allowed-address.ts';
import { Blocked } from './blocked.ts';
import { classifyAnswer } from './classify-answer.ts';
import { classifyError } from './classify-error.ts';
import { createGuardedLookup, type Resolve, systemResolve } from './guarded-lookup.ts';
import { readAnswer } from './read-answer.ts';

/** A request to a customer's URL: always a POST. */
export interface OutboundRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface EgressOptions {
  /** Networks (CIDR) that may be called although they are not public. */
  readonly allowedSubnets: readonly string[];
  /** Whether `http:` URLs may be called too. */
  readonly allowHttp: boolean;
  /** For the whole exchange, body included. */
  readonly timeoutMs?: number;
  readonly resolve?: Resolve;
}

/** The only way out. Whatever an endpoint does is a value, never an exception. */
export interface Egress {
  send(request: OutboundRequest): Promise<AttemptResult>;
  close(): Promise<void>;
}

/**
 * Makes outbound requests to addresses that were checked: no private networks, no redirects, no proxies; 15 seconds for
 * the whole exchange, at most 20,000 bytes of the answer.
 */
export function createEgress({
  allowedSubnets,
  allowHttp,
  timeoutMs = attemptTimeoutMs,
  resolve,
}: EgressOptions): Egress {
  const mayCall = createMayCallAddress(allowedSubnets);
  const lookup = createGuardedLookup(mayCall, resolve ?? systemResolve);
  const agent = new Agent({
    connect: { lookup, timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 10_000,
    pipelining: 1,
  });
  const guard = { mayCall, allowHttp };
  return {
    send: (request) => exchange({ request, agent, guard, timeoutMs }),
    close: () => agent.destroy(),
  };
}

interface Guard {
  readonly mayCall: MayCallAddress;
  readonly allowHttp: boolean;
}

interface Exchange {
  readonly request: OutboundRequest;
  readonly agent: Agent;
  readonly guard: Guard;
  readonly timeoutMs: number;
}

async function exchange({ request, agent, guard, timeoutMs }: Exchange): Promise<AttemptResult> {
  const startedAt = performance.now();
  const durationMs = () => Math.round(performance.now() - startedAt);
  try {
    const url = checkUrl(request.url, guard);
    const answer = await requestWithin(AbortSignal.timeout(timeoutMs), { request, url, agent });
    return { ...answer, durationMs: durationMs() };
  } catch (error) {
    const { reason, text } = classifyError(error);
    return { outcome: { kind: 'unreachable', reason }, response: text, durationMs: durationMs() };
  }
}

/** The connection's lookup is not asked about literal addresses, so they are checked here. */
function checkUrl(text: string, { mayCall, allowHttp }: Guard): URL {
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:')) throw new Blocked();
  const literal = literalAddress(url.hostname);
  if (literal !== undefined && !mayCall(literal)) throw new Blocked();
  return url;
}

interface Sending {
  readonly request: OutboundRequest;
  readonly url: URL;
  readonly agent: Agent;
}

async function requestWithin(signal: AbortSignal, sending: Sending): Promise<Omit<AttemptResult, 'durationMs'>> {
  const answer = await requestOnFreshConnection(signal, sending);
  const { statusCode: status, headers, body } = answer;
  const [retryAfter] = [headers['retry-after'] ?? undefined].flat();
  const outcome = classifyAnswer({ status, retryAfter, now: new Date() });
  return { outcome, response: await readAnswer(body) };
}

/**
 * An endpoint may close a kept connection at the moment that we send on it. The one reset that says nothing about the
 * endpoint is tried again at once, within the same time limit.
 */
async function requestOnFreshConnection(signal: AbortSignal, sending: Sending): Promise<Dispatcher.ResponseData> {
  try {
    return await requestOnce(signal, sending);
  } catch (error) {
    if (classifyError(error).reason !== 'reset') throw error;
    return requestOnce(signal, sending);
  }
}

const requestOnce = (signal: AbortSignal, { request, url, agent }: Sending): Promise<Dispatcher.ResponseData> =>
  agent.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'POST',
    headers: { ...basicAuthorization(url, request.headers), ...request.headers },
    body: request.body,
    signal,
  });

/** Credentials in a URL become an Authorization header, unless the endpoint has one. */
function basicAuthorization({ username, password }: URL, headers: OutboundRequest['headers']): Record<string, string> {
  const hasOwn = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  if (hasOwn || (username === '' && password === '')) return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}
