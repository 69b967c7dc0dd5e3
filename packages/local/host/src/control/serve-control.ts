import { createServer, type ServerResponse } from 'node:http';
import { hasToken } from '../bearer-token.ts';
import { type LoopbackServer, listenOnLoopback } from '../loopback-server.ts';

/** Answers a request of another program on this machine. What it throws is answered with 503 and its message. */
export type ControlHandler = (response: ServerResponse) => Promise<void>;

export interface ControlOptions {
  /** By method and path, such as `POST /snapshot`. */
  readonly handlers: Readonly<Record<string, ControlHandler>>;
  /** What requests must have as their bearer token: `controlToken`. */
  readonly token: string;
  /** 0 for any free port. */
  readonly port: number;
}

/** Serves the operator's commands on loopback. They come from other programs, such as `run backup`. */
export async function serveControl({ handlers, token, port }: ControlOptions): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    const handler = handlers[`${request.method} ${request.url}`];
    if (!hasToken(request, token)) sendProblem(response, 401, 'the token is missing or wrong');
    else if (handler === undefined) sendProblem(response, 404, 'there is no such command');
    else
      handler(response).catch((error: unknown) => {
        const problem = error instanceof Error ? error.message : String(error);
        if (response.headersSent) response.destroy();
        else sendProblem(response, 503, problem);
      });
  });
  return listenOnLoopback(server, port);
}

const sendProblem = (response: ServerResponse, status: number, problem: string): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify({ problem })}\n`);
};
