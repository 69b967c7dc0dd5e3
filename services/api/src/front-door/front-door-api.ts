import { frontDoorOperations } from '@posthorn/contracts/api/front-door';
import { openApiDocument } from '@posthorn/contracts/api/openapi';
import type { CheckHealth, Health } from '../cold-start/health.ts';
import { json, jsonText } from '../http/answer.ts';
import type { ApiAnswer, ApiEvent } from '../http/api-event.ts';
import { type ApiLogs, createApiStack } from '../http/api-stack.ts';
import { preflightAnswer } from '../http/cross-origin.ts';
import { problem } from '../http/problem-answers.ts';
import { createReference } from '../reference/serve-reference.ts';
import { answerUnknownRoute } from './unknown-route.ts';

export interface FrontDoorApiDeps extends ApiLogs {
  readonly health: CheckHealth;
  /** Whether the requests of each token are limited. */
  readonly hasRateLimit: boolean;
  /** Whether URLs of endpoints may be http. */
  readonly allowHttp: boolean;
}

/** Serves the operations that need no token, CORS preflights, and every request that no other function serves. */
export function createFrontDoorApi(deps: FrontDoorApiDeps) {
  const reference = createReference();
  const answers = createAnswers(deps, reference);
  return createApiStack(deps).handler(async (event) => {
    const { method, path } = event.requestContext.http;
    if (method === 'OPTIONS') return preflightAnswer(event);
    const bare = path.length > 1 ? path.replace(/\/+$/, '') : path;
    const operation = Object.values(frontDoorOperations).find((it) => it.method === method && it.path === bare);
    if (operation === undefined) {
      const file = method === 'GET' ? reference.file(path, event) : undefined;
      return file ?? answerUnknownRoute({ method, path, search: event.rawQueryString });
    }
    event.operation = operation;
    return answers[operation.id](event);
  });
}

type Answer = (event: ApiEvent) => ApiAnswer | Promise<ApiAnswer>;

function createAnswers(
  { health, hasRateLimit, allowHttp }: FrontDoorApiDeps,
  reference: ReturnType<typeof createReference>,
): Readonly<Record<keyof typeof frontDoorOperations, Answer>> {
  // Most requests here do not ask for it, and it takes some milliseconds.
  let description: string | undefined;
  const describe = (): string => JSON.stringify(openApiDocument({ hasRateLimit, allowHttp }));
  return {
    'v1.health.get': () => healthAnswer(health()),
    'v1.health.head': () => ({ statusCode: healthAnswer(health()).statusCode ?? 200 }),
    'v1.health.live': () => json(200, {}),
    'v1.openapi.get': () => {
      description ??= describe();
      return jsonText(200, description);
    },
    'docs.get': (event) => reference.page(event),
    'root.get': () => ({ statusCode: 307, headers: { location: '/docs' } }),
  };
}

const healthAnswer = (health: Health): ApiAnswer =>
  health.kind === 'healthy' ? json(200, {}) : problem(503, 'unavailable', health.reason);
