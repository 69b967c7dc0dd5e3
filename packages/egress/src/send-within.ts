import querystring from 'node:querystring';
import type { AttemptResult } from '@posthorn/core';
import type { Dispatcher } from 'undici';
import { classifyAnswer } from './classify-answer.ts';
import { mayRetryAtOnce } from './classify-error.ts';
import { readAnswer } from './read-answer.ts';

/** A request to a customer's URL: always a POST. */
export interface OutboundRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Sending {
  readonly request: OutboundRequest;
  /** The request's URL, checked. */
  readonly url: URL;
  readonly agent: Dispatcher;
  /** Ends the exchange, at whatever point it is. */
  readonly signal: AbortSignal;
}

/** Sends a request and reads the answer; throws what the connection throws. */
export async function sendWithin(sending: Sending): Promise<Omit<AttemptResult, 'durationMs'>> {
  const { statusCode: status, headers, body } = await requestAnswer(sending);
  const outcome = classifyAnswer({
    status,
    retryAfter: firstOf(headers['retry-after']),
    date: firstOf(headers.date),
    now: new Date(),
  });
  return { outcome, response: await readAnswer(body) };
}

const firstOf = (values: string | string[] | undefined) => (Array.isArray(values) ? values[0] : values);

/** An endpoint may close a kept connection at the moment that we send on it: then a new one is made, once. */
async function requestAnswer(sending: Sending): Promise<Dispatcher.ResponseData> {
  const startedAt = performance.now();
  try {
    return await requestOnce(sending);
  } catch (error) {
    if (!mayRetryAtOnce(error, performance.now() - startedAt)) throw error;
    return requestOnce(sending);
  }
}

const requestOnce = ({ request, url, agent, signal }: Sending): Promise<Dispatcher.ResponseData> =>
  agent.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'POST',
    headers: { ...basicAuthorization(url, request.headers), ...request.headers },
    body: request.body,
    signal,
  });

/** Credentials in a URL become an Authorization header, unless the endpoint has one. */
function basicAuthorization({ username, password }: URL, headers: OutboundRequest['headers']): Record<string, string> {
  const hasOwn = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  if (hasOwn || (username === '' && password === '')) return {};
  // This one leaves a lone % as it is, where decodeURIComponent throws.
  const credentials = [username, password].map((part) => querystring.unescape(part)).join(':');
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}
