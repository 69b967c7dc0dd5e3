import { type AttemptResult, attemptTimeoutMs } from '@posthorn/core';
import { Agent } from 'undici';
import { createMayCallAddress, literalAddress, type MayCallAddress } from './allowed-address.ts';
import { Blocked } from './blocked.ts';
import { classifyError } from './classify-error.ts';
import { createGuardedLookup, type Resolve, systemResolve } from './guarded-lookup.ts';
import { type OutboundRequest, sendWithin } from './send-within.ts';

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
 *
 * @throws when an allowed network is no CIDR
 */
export function createEgress({
  allowedSubnets,
  allowHttp,
  timeoutMs = attemptTimeoutMs,
  resolve,
}: EgressOptions): Egress {
  const mayCall = createMayCallAddress(allowedSubnets);
  const agent = createAgent(mayCall, resolve ?? systemResolve, timeoutMs);
  const guard = { mayCall, allowHttp };
  return {
    send: (request) => exchange({ request, agent, guard, timeoutMs }),
    close: () => agent.destroy(),
  };
}

/** The most connections to one endpoint at a time; above the number of deliveries that a worker makes at once. */
const maxConnections = 100;
/** Kept connections are closed before most servers close theirs. */
const keepAliveMs = 4_000;

function createAgent(mayCall: MayCallAddress, resolve: Resolve, timeoutMs: number): Agent {
  return new Agent({
    connect: { lookup: createGuardedLookup(mayCall, resolve), timeout: timeoutMs, rejectUnauthorized: true },
    connections: maxConnections,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    // One exchange at a time on a connection: what an endpoint does to one concerns no other attempt.
    pipelining: 1,
    allowH2: false,
  });
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
    const answer = await sendWithin({ request, url, agent, signal: AbortSignal.timeout(timeoutMs) });
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
