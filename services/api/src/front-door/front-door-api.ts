import { openApiDocument } from '@posthorn/contracts/api/openapi';
import { type OperationId, routes } from '@posthorn/contracts/api/routes';
import type { Log } from '@posthorn/platform';
import { json, jsonText } from '../http/answer.ts';
import type { ApiAnswer } from '../http/api-event.ts';
import { createApiStack } from '../http/api-stack.ts';
import { preflightAnswer } from '../http/cross-origin.ts';
import { docsPage } from './docs-page.ts';
import { answerUnknownRoute } from './unknown-route.ts';

export interface FrontDoorApiDeps {
  readonly log: Log;
}

/** The page has its style within it and nothing else to load or run. */
const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
};

/** What needs no token: whether the service is up, its description, and the answer to whatever no function serves. */
export function createFrontDoorApi(deps: FrontDoorApiDeps) {
  const answers = createAnswers();
  return createApiStack(deps).handler(async (event) => {
    const { method, path } = event.requestContext.http;
    if (method === 'OPTIONS') return preflightAnswer(event);
    const bare = path.length > 1 ? path.replace(/\/+$/, '') : path;
    const served = answers.find(({ id }) => routes[id].method === method && routes[id].path === bare);
    return served?.answer() ?? answerUnknownRoute({ method, path, search: event.rawQueryString });
  });
}

function createAnswers(): readonly { readonly id: OperationId; readonly answer: () => ApiAnswer }[] {
  const document = openApiDocument();
  const description = JSON.stringify(document);
  const page = docsPage(document);
  return [
    { id: 'v1.health.get', answer: () => json(200, {}) },
    { id: 'v1.health.head', answer: () => ({ statusCode: 200 }) },
    { id: 'v1.openapi.get', answer: () => jsonText(200, description) },
    { id: 'docs.get', answer: () => ({ statusCode: 200, headers: pageHeaders, body: page }) },
    { id: 'root.get', answer: () => ({ statusCode: 307, headers: { location: '/docs' } }) },
  ];
}
