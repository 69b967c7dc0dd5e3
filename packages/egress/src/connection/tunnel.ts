import type { LookupAddress } from 'node:dns';
import { connect, type Socket } from 'node:net';
import { PassingError } from '@posthorn/core';
import { timeLimitFailure } from '../failure/known-errors.ts';
import { Unreachable } from '../failure/unreachable.ts';
import type { HttpProxy } from './proxy.ts';
import { type ProxyAnswer, readProxyAnswer, refusalOf } from './proxy-answer.ts';

export interface TunnelTarget {
  readonly proxy: HttpProxy;
  /** The addresses of the proxy. */
  readonly proxyAddresses: readonly LookupAddress[];
  /** The allowed addresses of the endpoint, in the order in which they are tried. */
  readonly addresses: readonly LookupAddress[];
  readonly port: number;
  readonly signal: AbortSignal;
}

/** The next address of a name is tried when the proxy has not connected to one within this time. */
const addressTimeoutMs = 2_500;

/**
 * Asks the proxy for a connection to an address of the endpoint. The proxy gets the address that was checked and never
 * the name, so it cannot connect to another one.
 *
 * @throws PassingError if the proxy is down, does not accept us, or does not speak HTTP
 * @throws {Unreachable} if the proxy refuses the endpoint or cannot reach it, or if the signal comes first
 */
export async function openTunnel({ addresses, signal, ...target }: TunnelTarget): Promise<Socket> {
  let last: unknown = new Unreachable('proxy-cannot-reach');
  for (const [index, { address }] of addresses.entries()) {
    const isLast = index === addresses.length - 1;
    const limit = isLast ? signal : AbortSignal.any([signal, AbortSignal.timeout(addressTimeoutMs)]);
    try {
      return await askFor(address, { ...target, signal: limit });
    } catch (error) {
      if (!(error instanceof Unreachable) || error.reason === 'proxy-refused' || signal.aborted) throw error;
      last = error;
    }
  }
  throw last;
}

type OneTarget = Omit<TunnelTarget, 'addresses'>;

async function askFor(address: string, target: OneTarget): Promise<Socket> {
  const socket = await connectToProxy(target);
  try {
    const host = `${address.includes(':') ? `[${address}]` : address}:${target.port}`;
    const { authorization } = target.proxy;
    const credentials = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
    socket.write(`CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n${credentials}\r\n`);
    const { status, rest } = await readAnswer(socket, target.signal);
    if (status < 200 || status > 299) throw refusalOf(status);
    if (rest.length > 0) socket.unshift(rest);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** A proxy that cannot be reached is our outage: it says nothing about the endpoint. */
function connectToProxy({ proxy, proxyAddresses, signal }: OneTarget): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: proxy.hostname,
      port: proxy.port,
      lookup: (_hostname, _options, callback) => callback(null, [...proxyAddresses]),
      noDelay: true,
      autoSelectFamilyAttemptTimeout: addressTimeoutMs,
    });
    const fail = (cause?: unknown) => {
      signal.removeEventListener('abort', giveUp);
      reject(new PassingError('the egress proxy did not accept the connection', { cause }));
      socket.destroy();
    };
    const giveUp = () => fail();
    signal.addEventListener('abort', giveUp);
    // Later errors are noticed by who uses the connection.
    socket.on('error', fail);
    socket.once('connect', () => {
      signal.removeEventListener('abort', giveUp);
      resolve(socket);
    });
    if (signal.aborted) giveUp();
  });
}

/** The most bytes of the proxy's answer to CONNECT, with interim answers, that are read. */
const maxAnswerBytes = 16_384;

/** A proxy that accepts us and is silent waits for the endpoint. So this time limit is the endpoint's. */
function readAnswer(socket: Socket, signal: AbortSignal): Promise<ProxyAnswer> {
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    const stop = () => {
      socket.off('readable', read).off('close', onClose);
      signal.removeEventListener('abort', giveUp);
    };
    const settle = (act: () => void) => {
      stop();
      act();
    };
    const giveUp = () => settle(() => reject(timeLimitFailure('connecting')));
    const onClose = () => settle(() => reject(new PassingError('the egress proxy closed the connection')));
    const read = () => {
      try {
        for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) {
          bytes = Buffer.concat([bytes, chunk]);
          const answer = readProxyAnswer(bytes);
          if (answer) return settle(() => resolve(answer));
          if (bytes.length > maxAnswerBytes) throw new PassingError('the egress proxy sent a too long answer');
        }
      } catch (error) {
        settle(() => reject(error));
      }
    };
    socket.on('readable', read).on('close', onClose);
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
  });
}
