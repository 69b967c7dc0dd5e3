import type { Readable } from 'node:stream';
import type { HttpRequest } from '../http/http-request.ts';

/** The parts of Fastify's types that the plugin uses. So a program without Fastify can compile this package. */
export interface FastifyInstance {
  readonly log: FastifyLog;
  addContentTypeParser(type: string, parser: (request: FastifyRequest, payload: Readable) => Promise<unknown>): unknown;
  addHook(name: 'onRequest', hook: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void): unknown;
  register(plugin: (child: FastifyInstance) => Promise<void>): unknown;
  removeAllContentTypeParsers(): unknown;
  route(route: FastifyRoute): unknown;
}

export interface FastifyLog
  extends Readonly<Record<'info' | 'warn' | 'error', (details: object, text: string) => void>> {
  readonly level?: string;
}

export interface FastifyRoute {
  readonly method: string;
  readonly url: string;
  readonly handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
}

export interface FastifyRequest {
  readonly raw: HttpRequest;
  readonly body?: unknown;
  headers: Record<string, string | string[] | undefined>;
}

export interface FastifyReply {
  readonly sent: boolean;
  code(status: number): this;
  headers(values: Record<string, string>): this;
  send(payload: unknown): this;
}
