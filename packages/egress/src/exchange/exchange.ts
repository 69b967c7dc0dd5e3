import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Connection } from '../connection/connection.ts';
import { type Stage, timeLimitFailure, toFailure } from '../failure/known-errors.ts';
import { Unreachable } from '../failure/unreachable.ts';
import { countInterimAnswers } from './interim-answers.ts';
import { readBody } from './read-body.ts';

export interface ExchangeInput {
  readonly connection: Connection;
  readonly method: string;
  readonly path: string;
  /** Name, value, name, value …: every header that is sent. */
  readonly headers: readonly string[];
  readonly body: string | Uint8Array;
  /** Ends the exchange at any point. */
  readonly signal: AbortSignal;
  /** Called when the connection is ready for another exchange. Not called when it is not. */
  readonly onFree: (answer: Pick<IncomingMessage, 'rawHeaders'>) => void;
}

export interface Answer {
  readonly status: number;
  /** Read only when needed: Node makes this object at the first access. */
  readonly headers: () => IncomingMessage['headers'];
  /** At most 20,000 bytes of the body. */
  readonly text: string;
}

/**
 * Sends one request on a connection and reads the answer. Interim answers (1xx) are ignored.
 *
 * @throws {Unreachable} when the endpoint or the network fails, or when the signal comes first
 */
export function exchange(input: ExchangeInput): Promise<Answer> {
  const { connection, signal, onFree } = input;
  return new Promise((resolve, reject) => {
    const request = startRequest(input);
    let answer: IncomingMessage | undefined;
    const stage = () => stageOf(connection, request);
    const stop = () => signal.removeEventListener('abort', giveUp);
    const fail = (error: unknown) => {
      stop();
      reject(toFailure(error, stage()));
      connection.socket.destroy();
    };
    const giveUp = () => fail(timeLimitFailure(stage()));
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();

    // After a complete answer, an error concerns the connection only.
    request.on('error', (error) => answer?.complete || fail(error));
    request.on(
      'information',
      countInterimAnswers(() => fail(new Unreachable('only-interim-answers'))),
    );
    // A switch to another protocol that we did not request.
    request.on('upgrade', () => fail(new Unreachable('not-http')));
    request.on('response', (received) => {
      answer = received;
      const { statusCode: status = 0 } = received;
      readBody(received, {
        fail,
        finish: ({ text, wasCut }) => {
          stop();
          resolve({ status, headers: () => received.headers, text });
          if (wasCut || !request.writableFinished) connection.socket.destroy();
        },
      });
    });
    request.on('close', () => {
      if (answer?.complete && !connection.socket.destroyed) onFree(answer);
    });
  });
}

function startRequest({ connection, method, path, headers, body }: ExchangeInput): ClientRequest {
  const request = httpRequest({ method, path, headers, createConnection: () => connection.socket });
  // Without an agent, Node closes the connection after the answer.
  request.shouldKeepAlive = true;
  return request.end(body);
}

function stageOf({ hasAnswered }: Connection, request: ClientRequest): Stage {
  if (hasAnswered) return 'answering';
  return request.writableFinished ? 'waiting' : 'sending';
}
