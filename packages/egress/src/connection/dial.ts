import type { LookupAddress } from 'node:dns';
import { connect, type LookupFunction, type Socket } from 'node:net';
import { type SecureContext, connect as secureConnect } from 'node:tls';
import { PassingError } from '@posthorn/core';
import { withinTime } from '../address/checked-addresses.ts';
import { portOf } from '../address/forbidden-ports.ts';
import { type Stage, timeLimitFailure, toFailure } from '../failure/known-errors.ts';
import { Unreachable } from '../failure/unreachable.ts';
import type { HttpProxy } from './proxy.ts';
import { openTunnel } from './tunnel.ts';

export interface DialTarget {
  readonly url: URL;
  /** The allowed addresses, in the order in which they are tried. */
  readonly addresses: readonly LookupAddress[];
}

/** What TLS connections of one process share. */
export interface TlsState {
  readonly secureContext: SecureContext;
  /** By origin. A connection that resumes one does not check the certificate again. */
  readonly sessions: {
    find(origin: string): Buffer | undefined;
    keep(origin: string, session: Buffer): void;
  };
}

/** A proxy, and how its addresses are found. */
export interface NamedProxy extends HttpProxy {
  readonly addresses: () => Promise<readonly LookupAddress[]>;
}

export interface DialOptions {
  /** Called for https only. */
  readonly tls: () => TlsState;
  /** The connection goes through this proxy. */
  readonly proxy?: NamedProxy;
  /** Ends the connecting at any point. */
  readonly signal: AbortSignal;
}

/**
 * Opens a connection, for https with a finished handshake and a checked certificate.
 *
 * @throws {Unreachable} when the endpoint or the network fails, or when the signal comes first
 * @throws PassingError when our own proxy fails
 */
export async function dial(target: DialTarget, { tls, signal, proxy }: DialOptions): Promise<Socket> {
  if (signal.aborted) throw timeLimitFailure('connecting');
  const isSecure = target.url.protocol === 'https:';
  if (proxy === undefined) {
    const socket = isSecure ? connectSecure(target, tls(), tcpOptions(target)) : connect(tcpOptions(target));
    return whenOpen(socket, { isSecure, signal, stage: 'connecting' });
  }
  const tunnel = await openTunnel({
    proxy,
    proxyAddresses: await addressesOf(proxy, signal),
    addresses: target.addresses,
    port: portOf(target.url),
    signal,
  });
  if (!isSecure) return tunnel;
  const socket = connectSecure(target, tls(), { socket: tunnel });
  return whenOpen(socket, { isSecure, signal, stage: 'handshake' });
}

interface Opening {
  readonly isSecure: boolean;
  readonly signal: AbortSignal;
  readonly stage: Stage;
}

function whenOpen(socket: Socket, { isSecure, signal, ...begin }: Opening): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let { stage } = begin;
    const giveUp = () => {
      reject(timeLimitFailure(stage));
      socket.destroy();
    };
    const fail = (error: unknown) => {
      signal.removeEventListener('abort', giveUp);
      reject(toFailure(error, stage));
    };
    signal.addEventListener('abort', giveUp);
    socket.on('error', fail);
    socket.once('connect', () => {
      stage = 'handshake';
    });
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      signal.removeEventListener('abort', giveUp);
      resolve(socket);
    });
    if (signal.aborted) giveUp();
  });
}

/** Looks up the name of the proxy. That it fails says nothing about the endpoint. */
async function addressesOf({ addresses }: NamedProxy, signal: AbortSignal): Promise<readonly LookupAddress[]> {
  try {
    return await withinTime(addresses(), signal);
  } catch (cause) {
    if (!(cause instanceof Unreachable)) throw cause;
    throw new PassingError('the name of the egress proxy cannot be looked up', { cause });
  }
}

/** The next address of a name is tried when one has not accepted the connection within this time. */
const addressTimeoutMs = 2_500;

/** The addresses are dialled as they were checked: there is no second lookup that could lead elsewhere. */
const tcpOptions = ({ url, addresses }: DialTarget) => ({
  host: bareHost(url),
  port: portOf(url),
  lookup: givenLookup(addresses),
  noDelay: true,
  autoSelectFamilyAttemptTimeout: addressTimeoutMs,
});

const givenLookup =
  (addresses: readonly LookupAddress[]): LookupFunction =>
  (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all || first === undefined) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };

/** Without the brackets of an IPv6 address. */
const bareHost = ({ hostname }: URL): string => (hostname.startsWith('[') ? hostname.slice(1, -1) : hostname);

function connectSecure(
  target: DialTarget,
  { secureContext, sessions }: TlsState,
  transport: ReturnType<typeof tcpOptions> | { readonly socket: Socket },
): Socket {
  const { origin } = target.url;
  const session = sessions.find(origin);
  const socket = secureConnect({
    ...transport,
    ...serverName(target.url),
    ...(session === undefined ? {} : { session }),
    secureContext,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
  });
  return socket.on('session', (kept) => {
    if (!socket.isSessionReused()) sessions.keep(origin, kept);
  });
}

/** SNI, and the name that the certificate must have: without the dot of an absolute name, and none for an address. */
function serverName(url: URL): { readonly servername?: string } {
  const isAddress = url.hostname.startsWith('[') || /^[\d.]+$/.test(url.hostname);
  return isAddress ? {} : { servername: url.hostname.replace(/\.$/, '') };
}
