import type { Readable } from 'node:stream';
import type { Answer } from '../../receive/answer.ts';
import { createReceiver, type ReceiveOptions } from '../../receive/receiver.ts';
import { WebhookError } from '../../webhook-error.ts';
import { type HttpRequest, toReceivedRequest } from '../http/http-request.ts';
import { toWritable } from '../http/writable-answer.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from './fastify-types.ts';

export interface FastifyWebhookOptions extends ReceiveOptions {
  /** Where messages are received, below the `prefix` of `register`. By default `/`. */
  readonly path?: string;
}

const remedy = 'A hook of an outer plugin reads it. Register webhooks() where no such hook applies.';

/**
 * A plugin of Fastify that receives messages at one path, with POST. Other methods are free for other routes. It
 * takes bodies of any content type as bytes. That holds for its own route only: the parsers of all other routes stay as they are.
 *
 * Without an `onError`, errors are written to the log of Fastify. If Fastify has no logger, those that are answered
 * with 5xx are written to stderr.
 *
 * @throws WebhookError `key_invalid` when the server starts
 * @example
 * app.register(webhooks, { path: '/webhooks', keys: process.env.WEBHOOK_KEY, handle: (message) => save(message.json()) });
 */
export async function webhooks(
  instance: FastifyInstance,
  { path = '/', ...options }: FastifyWebhookOptions,
): Promise<void> {
  const receive = createReceiver({ ...(hasLogger(instance) && { onError: createLogging(instance.log) }), ...options });
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    // Its own parser has left the stream of the body unread. Requests without a body have none.
    const body = (request.body ?? request.raw) as Readable;
    return sendAnswer(reply, await receive(toReceivedRequest(request.raw, remedy, body)), request.raw);
  };
  // In an instance of its own, also if this function is called directly or with `fastify-plugin` around it: then
  // `instance` is the one that has the other routes.
  instance.register(async (own) => {
    takeBodiesUnread(own);
    own.route({ method: 'POST', url: path, handler });
  });
}

/**
 * Without a logger, Fastify has `abstract-logging`: its functions are one function that does nothing, and it has no
 * level. A logger that was made silent has a level.
 */
const hasLogger = ({ log }: FastifyInstance): boolean => log.level !== undefined || log.error !== log.info;

/** Requests that are refused are the sender's errors. */
const createLogging =
  (log: FastifyInstance['log']): NonNullable<ReceiveOptions['onError']> =>
  (err, about) => {
    const isRefused = err instanceof WebhookError && err.status < 500;
    log[isRefused ? 'warn' : 'error']({ err, ...about }, isRefused ? 'webhook refused' : 'webhook failed');
  };

function takeBodiesUnread(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('*', async (_request, payload) => payload);
  // Fastify refuses a malformed content type before any parser runs.
  instance.addHook('onRequest', (request, _reply, done) => {
    request.headers = { 'content-type': 'application/octet-stream' };
    done();
  });
}

function sendAnswer(reply: FastifyReply, answer: Answer, request: HttpRequest): FastifyReply {
  // A hook of the app with a time limit may have answered.
  if (reply.sent) return reply;
  const { headers, body } = toWritable(answer, request);
  return reply.code(answer.status).headers(headers).send(body);
}
