import { type AttemptResult, attemptTimeoutMs } from '@posthorn/core';
import { createMayCallAddress, literalAddress } from './address/allowed-address.ts';
import { type Resolve, toLookupAddress } from './address/checked-addresses.ts';
import { createIsForbidden, createMayCallPort } from './address/forbidden-ports.ts';
import type { Connection } from './connection/connection.ts';
import type { TlsState } from './connection/dial.ts';
import { createKeptConnections } from './connection/kept-connections.ts';
import { parseProxy } from './connection/proxy.ts';
import { createTlsState } from './connection/tls-state.ts';
import type { OutboundRequest } from './exchange/outbound-request.ts';
import { Unreachable } from './failure/unreachable.ts';
import { createSystemNames, type NameOptions } from './names/system-names.ts';
import { type SendDeps, send } from './send.ts';

export interface EgressOptions {
  /** Networks (CIDR) that may be called although they are not public. */
  readonly allowedSubnets: readonly string[];
  /** Ports that are never called on any address of this machine, whatever networks are allowed. */
  readonly forbiddenPorts?: readonly number[];
  /** The only ports that may be called. Every port when absent or empty. */
  readonly allowedPorts?: readonly number[];
  /** Whether `http:` URLs may be called too. */
  readonly allowHttp: boolean;
  /** All connections go through this proxy: `http://user:password@host:port`. */
  readonly proxy?: string;
  /** For the whole exchange: name, connection, TLS, request, and answer. */
  readonly timeoutMs?: number;
  /** In place of the hosts file and the name servers. */
  readonly resolve?: Resolve;
  readonly names?: NameOptions;
  /** Certificates (PEM) that are trusted as well as the default ones. */
  readonly trustedCertificates?: readonly string[];
}

/** The only way out. Whatever an endpoint does is a value; an exception is our own fault. */
export interface Egress {
  send(request: OutboundRequest): Promise<AttemptResult>;
  close(): Promise<void>;
}

/** How often kept connections whose time is over are closed. */
const sweepMs = 500;

/**
 * Makes outbound requests to addresses that were checked: no private networks, no redirects, no proxy but the
 * operator's; 15 seconds for
 * the whole exchange, at most 20,000 bytes of the answer.
 *
 * @throws when an allowed network is no CIDR, or the proxy is no address of a proxy
 */
export function createEgress(options: EgressOptions): Egress {
  const names = createSystemNames(options.names);
  const { allowedSubnets, allowHttp, resolve = names.resolve, trustedCertificates = [] } = options;
  const { timeoutMs = attemptTimeoutMs } = options;
  const open = new Set<Connection>();
  const kept = createKeptConnections();
  const sweeping = setInterval(kept.sweep, sweepMs).unref();
  let tls: TlsState | undefined;
  const deps: SendDeps = {
    guard: {
      mayCall: createMayCallAddress(allowedSubnets),
      isForbidden: createIsForbidden(options.forbiddenPorts ?? []),
      mayCallPort: createMayCallPort(options.allowedPorts ?? []),
      allowHttp,
      resolve,
    },
    kept,
    open,
    ...proxyOf(options.proxy, names.resolve),
    tls: () => {
      tls ??= createTlsState(trustedCertificates);
      return tls;
    },
  };
  return {
    send: (request) => attempt({ deps, request, timeoutMs }),
    close: async () => {
      clearInterval(sweeping);
      names.close();
      for (const { socket } of open) socket.destroy();
    },
  };
}

/** The name of the proxy is looked up for each connection: the memory of names makes that cheap. */
function proxyOf(text: string | undefined, resolve: Resolve): Pick<SendDeps, 'proxy'> {
  if (text === undefined) return {};
  const proxy = parseProxy(text);
  if (proxy === undefined) throw new Error('the egress proxy must be written as http://user:password@host:port');
  const literal = literalAddress(proxy.hostname);
  const addresses = literal === undefined ? () => resolve(proxy.hostname) : async () => [toLookupAddress(literal)];
  return { proxy: { ...proxy, addresses } };
}

interface AttemptInput {
  readonly deps: SendDeps;
  readonly request: OutboundRequest;
  readonly timeoutMs: number;
}

async function attempt({ deps, request, timeoutMs }: AttemptInput): Promise<AttemptResult> {
  const startedAt = performance.now();
  const durationMs = () => Math.round(performance.now() - startedAt);
  const timeLimit = new AbortController();
  const timer = setTimeout(() => timeLimit.abort(), timeoutMs);
  try {
    const answer = await send(deps, request, timeLimit.signal);
    return { ...answer, durationMs: durationMs() };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return {
      outcome: { kind: 'unreachable', reason: error.reason },
      response: error.message,
      durationMs: durationMs(),
    };
  } finally {
    clearTimeout(timer);
  }
}
