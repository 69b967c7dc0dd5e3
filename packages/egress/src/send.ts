import type { AttemptResult } from '@posthorn/core';
import { rememberResults } from '@posthorn/core/memory/remember-results';
import { findCheckedAddresses, type Guard, mayCallScheme } from './address/checked-addresses.ts';
import { portOf } from './address/forbidden-ports.ts';
import { type Connection, createConnection } from './connection/connection.ts';
import { type DialOptions, dial, type TlsState } from './connection/dial.ts';
import type { KeptConnections } from './connection/kept-connections.ts';
import { classifyAnswer } from './exchange/classify-answer.ts';
import { type Answer, exchange } from './exchange/exchange.ts';
import { keepTimeMs } from './exchange/keep-time.ts';
import { mayResend } from './exchange/may-resend.ts';
import { type OutboundRequest, toWireRequest, type WireRequest } from './exchange/outbound-request.ts';
import { Unreachable } from './failure/unreachable.ts';

export interface SendDeps {
  readonly guard: Guard;
  readonly kept: KeptConnections;
  /** All open connections, to end them when the egress closes. */
  readonly open: Set<Connection>;
  readonly tls: () => TlsState;
  /** The proxy that connections go through, if there is one. */
  readonly proxy?: DialOptions['proxy'];
}

const maxUrls = 1_000;
/** The same object for the same text: nobody changes it. */
const parseUrl = rememberResults((text): Readonly<URL> => new URL(text), maxUrls);

/** Sends a request and says what the answer means. @throws {Unreachable} when there is no complete answer */
export async function send(
  deps: SendDeps,
  request: OutboundRequest,
  signal: AbortSignal,
): Promise<Omit<AttemptResult, 'durationMs'>> {
  const url = parseUrl(request.url);
  if (!mayCallScheme(url, deps.guard)) throw new Unreachable('blocked');
  if (!deps.guard.mayCallPort(portOf(url))) throw new Unreachable('port-not-allowed');
  const { status, headers, text } = await findAnswer(deps, { url, wire: toWireRequest(request, url), signal });
  return { outcome: classifyAnswer({ status, headers, now: new Date() }), response: text };
}

interface Sending {
  readonly url: URL;
  readonly wire: WireRequest;
  readonly signal: AbortSignal;
}

/** Uses a kept connection if there is one. The endpoint may close it at that moment: see `mayResend`. */
async function findAnswer(deps: SendDeps, sending: Sending): Promise<Answer> {
  const connection = deps.kept.take(sending.url.origin);
  if (!connection) return answerOn(deps, sending, await connect(deps, sending));
  const startedAt = performance.now();
  try {
    return await answerOn(deps, sending, connection);
  } catch (error) {
    if (!mayResend({ error, connection, elapsedMs: performance.now() - startedAt })) throw error;
    return answerOn(deps, sending, await connect(deps, sending));
  }
}

async function connect({ guard, open, tls, proxy }: SendDeps, { url, signal }: Sending): Promise<Connection> {
  const addresses = await findCheckedAddresses(url, guard, signal);
  const connection = createConnection(
    await dial({ url, addresses }, { tls, signal, ...(proxy && { proxy }) }),
    Date.now(),
  );
  open.add(connection);
  connection.socket.once('close', () => open.delete(connection));
  return connection;
}

const answerOn = ({ kept }: SendDeps, { url, wire, signal }: Sending, connection: Connection): Promise<Answer> =>
  exchange({
    ...wire,
    connection,
    signal,
    onFree: ({ rawHeaders }) => kept.keep(url.origin, connection, keepTimeMs(rawHeaders)),
  });
