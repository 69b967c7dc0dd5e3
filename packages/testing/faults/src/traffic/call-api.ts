import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

export interface ApiAnswer {
  readonly status: number;
  /** Absent if the answer has no body. */
  readonly body?: unknown;
}

/** Calls an operation of the API, again and again until there is an answer. */
export type CallApi = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  given?: CallGiven,
) => Promise<ApiAnswer>;

export interface CallGiven {
  readonly body?: object;
  /** Is called before each try: one whose answer is lost may have been done. */
  readonly onTry?: () => void;
}

const tryAgainAfterMs = 200;
/** A conflict may pass: the call whose answer was lost may still be running. If it stays, it is the answer. */
const mostConflicts = 5;
/** Longer than any outage of a scenario. */
const patienceMs = 180_000;

/** Calls the API as a person's tool does, which repeats what has no answer. */
export const createCaller =
  ({ url, token }: { readonly url: string; readonly token: string }): CallApi =>
  async (method, path, { body, onTry } = {}) => {
    const request = {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
        ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
      },
      ...(body && { body: JSON.stringify(body) }),
    };
    const deadline = performance.now() + patienceMs;
    for (let conflicts = 0; performance.now() < deadline; ) {
      onTry?.();
      const answer = await tryOnce(`${url}/api/v1${path}`, request);
      if (answer?.status === 409) conflicts += 1;
      const isFinal = answer && answer.status < 500 && (answer.status !== 409 || conflicts > mostConflicts);
      if (isFinal) return answer;
      await wait(tryAgainAfterMs);
    }
    throw new Error(`${method} ${path} had no answer within ${patienceMs} ms`);
  };

/** @returns nothing if the host is dead */
async function tryOnce(url: string, request: RequestInit): Promise<ApiAnswer | undefined> {
  try {
    const response = await fetch(url, request);
    const text = await response.text();
    return { status: response.status, ...(text !== '' && { body: JSON.parse(text) }) };
  } catch {
    return undefined;
  }
}
