import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { attemptTimeoutMs } from '@posthorn/core/attempt/attempt';
import type { TargetRequest } from '../signing/to-request.ts';
import { ExternalTarget } from './find-addresses.ts';

/**
 * How sending to the target ended. `unreachable`: it took no connection, so it cannot have got the message. `broken`: it
 * may have got it, and gave no complete answer. `forbidden`: its name leads to another machine.
 */
export type TargetAnswer = { readonly ms: number } & (
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'unreachable' | 'broken' | 'forbidden'; readonly reason: string }
);

export interface Target {
  readonly url: URL;
  /** Checks addresses. Absent: every address is allowed. */
  readonly lookup?: LookupFunction | undefined;
  /** Accept any certificate. */
  readonly insecure: boolean;
  /** For the whole exchange. Default: 15 seconds, as for deliveries. */
  readonly timeoutMs?: number;
}

/** An answer that is longer counts as complete. */
const maxAnswerBytes = 1024 * 1024;

/**
 * Posts one request to the target, on a connection of its own. Redirects are not followed: their status is the answer.
 * Never throws.
 *
 * @param signal - ends the exchange, which is `broken` then, or `unreachable`
 */
export function sendToTarget(target: Target, request: TargetRequest, signal?: AbortSignal): Promise<TargetAnswer> {
  const { url, lookup, insecure, timeoutMs = attemptTimeoutMs } = target;
  const startedAt = performance.now();
  const body = Buffer.from(request.body);
  return new Promise((resolve) => {
    let isConnected = false;
    const settle = (end: { kind: 'answered'; status: number } | { kind: 'broken' | 'forbidden'; reason: string }) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      const ms = Math.round(performance.now() - startedAt);
      resolve(end.kind === 'broken' && !isConnected ? { ...end, kind: 'unreachable', ms } : { ...end, ms });
    };
    const fail = (error: Error) =>
      settle({ kind: error instanceof ExternalTarget ? 'forbidden' : 'broken', reason: reasonOf(error) });
    const isTls = url.protocol === 'https:';
    const outgoing = (isTls ? requestHttps : requestHttp)(url, {
      method: request.method,
      headers: { ...request.headers, 'content-length': body.length },
      agent: false,
      rejectUnauthorized: !insecure,
      ...(lookup && { lookup }),
    });
    const end = (reason: string) => outgoing.destroy(new Error(reason));
    const stop = () => end('stopped');
    const timer = setTimeout(end, timeoutMs, `no complete answer within ${timeoutMs / 1000} s`);
    signal?.addEventListener('abort', stop);
    outgoing.on('socket', (socket: Socket) => {
      socket.once(isTls ? 'secureConnect' : 'connect', () => {
        isConnected = true;
      });
    });
    outgoing.on('response', (answer) => readAnswer(answer, (status) => settle({ kind: 'answered', status }), fail));
    outgoing.on('error', fail);
    outgoing.on('close', () => fail(new Error('the connection was closed before the answer was complete')));
    outgoing.end(body);
    if (signal?.aborted) stop();
  });
}

/** Reads an answer to its end, and keeps nothing of it. */
function readAnswer(answer: IncomingMessage, onEnd: (status: number) => void, onError: (error: Error) => void): void {
  const { statusCode = 0 } = answer;
  let bytes = 0;
  answer.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes <= maxAnswerBytes) return;
    onEnd(statusCode);
    answer.destroy();
  });
  answer.on('end', () => onEnd(statusCode));
  answer.on('error', onError);
}

/** An `AggregateError` has no message: one error for each address of a name. */
function reasonOf(error: Error): string {
  const { code, errors } = error as NodeJS.ErrnoException & { readonly errors?: readonly Error[] };
  if (errors?.[0]) return reasonOf(errors[0]);
  const known = code === undefined ? undefined : reasons[code];
  return known === undefined ? error.message : `${known} (${code})`;
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was closed before the answer was complete',
  ENOTFOUND: 'the name does not exist',
  EPIPE: 'the connection was closed before the answer was complete',
};
