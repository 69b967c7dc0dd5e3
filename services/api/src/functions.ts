import type { OperationId } from '@posthorn/contracts/api/routes';

/** Which function folder serves which operations. Whatever else arrives goes to `front-door`. */
export const functionOperations = {
  'post-message': ['v1.message.create'],
  applications: [
    'v1.application.list',
    'v1.application.create',
    'v1.application.get',
    'v1.application.update',
    'v1.application.patch',
    'v1.application.delete',
  ],
  endpoints: [
    'v1.endpoint.list',
    'v1.endpoint.create',
    'v1.endpoint.get',
    'v1.endpoint.update',
    'v1.endpoint.patch',
    'v1.endpoint.delete',
    'v1.endpoint.get-secret',
    'v1.endpoint.get-headers',
    'v1.endpoint.update-headers',
    'v1.endpoint.patch-headers',
    'v1.endpoint.get-stats',
  ],
  destinations: ['v1.destination.list', 'v1.destination.create', 'v1.destination.get', 'v1.destination.delete'],
  'event-types': ['v1.event-type.list', 'v1.event-type.create', 'v1.event-type.get'],
  messages: ['v1.message.list', 'v1.message.get'],
  attempts: [
    'v1.message-attempt.list-by-endpoint',
    'v1.message-attempt.list-by-msg',
    'v1.message-attempt.get',
    'v1.message-attempt.resend',
  ],
  'front-door': ['v1.health.get', 'v1.health.head', 'v1.openapi.get', 'docs.get', 'root.get'],
} as const satisfies Readonly<Record<string, readonly OperationId[]>>;

export type FunctionFolder = keyof typeof functionOperations;
