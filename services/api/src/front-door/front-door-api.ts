import { frontDoorOperations } from '@posthorn/contracts/api/front-door';
import { openApiDocument } from '@posthorn/contracts/api/openapi';
import type { Log } from '@posthorn/platform';
import type { CheckHealth, Health } from '../cold-start/health.ts';
import { json, jsonText } from '../http/answer.ts';
import type { ApiAnswer } from '../http/api-event.ts';
import { createApiStack } from '../http/api-stack.ts';
import { preflightAnswer } from '../http/cross-origin.ts';
import { problem } from '../http/problem-answers.ts';
import { docsPage } from './docs-page.ts';
import { answerUnknownRoute } from './unknown-route.ts';

export interface FrontDoorApiDeps {
  readonly log: Log;
  readonly health: CheckHealth;
}

/** The page contains its style, and loads and runs nothing. */
const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
};

/** Serves the operations that need no token, CORS preflights, and every request that no other function serves. */
export function createFrontDoorApi(deps: FrontDoorApiDeps) {
  const answers = createAnswers(deps);
  return createApiStack(deps).handler(async (event) => {
    const { method, path } = event.requestContext.http;
    if (method === 'OPTIONS') return preflightAnswer(event);
    const bare = path.length > 1 ? path.replace(/\/+$/, '') : path;
    const operation = Object.values(frontDoorOperations).find((it) => it.method === method && it.path === bare);
    return operation ? answers[operation.id]() : answerUnknownRoute({ method, path, search: event.rawQueryString });
  });
}

function createAnswers({
  health,
}: FrontDoorApiDeps): Readonly<Record<keyof typeof frontDoorOperations, () => ApiAnswer>> {
  const document = openApiDocument();
  const description = JSON.stringify(document);
  const page = docsPage(document);
  return {
    'v1.health.get': () => healthAnswer(health()),
    'v1.health.head': () => ({ statusCode: healthAnswer(health()).statusCode ?? 200 }),
    'v1.health.live': () => json(200, {}),
    'v1.openapi.get': () => jsonText(200, description),
    'docs.get': () => ({ statusCode: 200, headers: pageHeaders, body: page }),
    'root.get': () => ({ statusCode: 307, headers: { location: '/docs' } }),
  };
}

const healthAnswer = (health: Health): ApiAnswer =>
  health.kind === 'healthy' ? json(200, {}) : problem(503, 'unavailable', health.reason);
