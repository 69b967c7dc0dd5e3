import { type ReceivedRequest, type ServerAnswer, startServer } from './start-server.ts';

/** What a route answers. A function gets the number of the request to this route, from 1, and the request. */
export type RouteAnswer = ServerAnswer | ((order: number, request: ReceivedRequest) => ServerAnswer);

/** A server with some operations of the API. */
export interface TestApi {
  readonly url: string;
  /** The variables with which a command reaches it. */
  readonly env: { readonly POSTHORN_URL: string; readonly POSTHORN_TOKEN: string };
  readonly requests: readonly ReceivedRequest[];
  /** Those that change something. */
  posts(): readonly ReceivedRequest[];
  stop(): Promise<void>;
}

const notFound = { status: 404, body: { code: 'not_found', detail: 'Not found' } };

/** Starts a server that answers by method and path without query, such as `GET /app/acme`; and 404 to all others. */
export async function startApi(answers: Readonly<Record<string, RouteAnswer>>): Promise<TestApi> {
  const orders = new Map<string, number>();
  const { url, requests, stop } = await startServer((request) => {
    const route = `${request.method} ${request.url.replace('/api/v1', '').replace(/\?.*/, '')}`;
    const order = (orders.get(route) ?? 0) + 1;
    orders.set(route, order);
    const answer = answers[route] ?? notFound;
    return typeof answer === 'function' ? answer(order, request) : answer;
  });
  return {
    url,
    env: { POSTHORN_URL: url, POSTHORN_TOKEN: 'token-of-a-test' },
    requests,
    posts: () => requests.filter(({ method }) => method === 'POST'),
    stop,
  };
}

/** Starts an API for the test that calls what is returned, and stops it after the test. Call it outside of tests. */
export function apiOfEachTest(): typeof startApi {
  const started: TestApi[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map(({ stop }) => stop()));
  });
  return async (answers) => {
    const api = await startApi(answers);
    started.push(api);
    return api;
  };
}

/** The answer of a list with one page. */
export const page = (data: readonly unknown[]) => ({ body: { data, iterator: null, done: true } });
