import type { Log } from '@posthorn/local-event-sources';
import { isJsonObject } from '@posthorn/local-event-sources';
import type { LambdaInstance } from '../service/lambda-pool.ts';

/** Returns instances of functions: the `Lambda` class of serverless-offline. */
export interface LambdaSource {
  get(functionKey: string): LambdaInstance;
}

/** The answer to a request in payload format 2.0. */
interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Answers an HTTP request with 500 or 503 if its function fails: it throws, cannot be loaded, takes too long, dies, or
 * returns something that is not an answer. API Gateway does the same. serverless-offline by itself answers 200 with the
 * error and its stack trace. Other events fail as before.
 */
export function answerFailures(source: LambdaSource, log: Log): void {
  const get = source.get;
  const prepared = new WeakSet<LambdaInstance>();
  source.get = function getAnswering(this: LambdaSource, functionKey) {
    const instance = get.call(this, functionKey);
    if (!prepared.has(instance)) answerInstanceFailures(instance, (line) => log(`${functionKey}: ${line}`));
    prepared.add(instance);
    return instance;
  };
}

function answerInstanceFailures(instance: LambdaInstance, log: Log): void {
  const setEvent = instance.setEvent.bind(instance);
  const runHandler = instance.runHandler.bind(instance);
  let event: unknown;
  instance.setEvent = (next) => {
    event = next;
    setEvent(next);
  };
  instance.runHandler = async () => {
    if (!isHttpRequest(event)) return runHandler();
    try {
      return requireAnswer(await runHandler());
    } catch (error) {
      log(`the request failed: ${error instanceof Error ? error.message : String(error)}`);
      return isTimeout(error) ? unavailable : internalError;
    }
  };
}

const isHttpRequest = (event: unknown): boolean =>
  isJsonObject(event) && isJsonObject(event.requestContext) && isJsonObject(event.requestContext.http);

/**
 * Returns the result if it is an answer for API Gateway. JSON without a status is the body of a 200.
 *
 * @throws if the result is not an answer
 */
function requireAnswer(result: unknown): unknown {
  if (result === undefined || result === null) throw new Error('the function returned no answer');
  if (!isJsonObject(result) || result.statusCode === undefined) return result;
  const { statusCode, body } = result;
  if (typeof statusCode !== 'number' || !Number.isInteger(statusCode) || statusCode < 100 || statusCode > 599)
    throw new Error('the function returned an answer with an invalid statusCode');
  if (body !== undefined && body !== null && typeof body !== 'string')
    throw new Error('the function returned an answer whose body is not text');
  return result;
}

/** serverless-offline marks a timeout only in the message of the error. */
const isTimeout = (error: unknown): boolean => error instanceof Error && error.message.startsWith('[504]');

const failure = (statusCode: number, code: string, detail: string): Answer => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ code, detail }),
});

const internalError = failure(500, 'internal_error', 'An internal error has occurred');
const unavailable = failure(503, 'unavailable', 'The request took too long. Try again.');
