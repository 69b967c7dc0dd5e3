/** Who may call: anyone, the organisation only, or also an application about itself. */
export type Access = 'anyone' | 'organisation' | 'application';

export interface Route {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly access: Access;
}

const app = '/api/v1/app';
const endpoint = `${app}/{app_id}/endpoint`;
const destination = `${app}/{app_id}/destination`;
const message = `${app}/{app_id}/msg`;
const eventType = '/api/v1/event-type';

/** Every operation that is served, by its name. Plain data: what matches requests need not load the schemas. */
export const routes = {
  'v1.application.list': { method: 'GET', path: app, access: 'organisation' },
  'v1.application.create': { method: 'POST', path: app, access: 'organisation' },
  'v1.application.get': { method: 'GET', path: `${app}/{app_id}`, access: 'application' },
  'v1.application.update': { method: 'PUT', path: `${app}/{app_id}`, access: 'organisation' },
  'v1.application.patch': { method: 'PATCH', path: `${app}/{app_id}`, access: 'organisation' },
  'v1.application.delete': { method: 'DELETE', path: `${app}/{app_id}`, access: 'organisation' },

  'v1.endpoint.list': { method: 'GET', path: endpoint, access: 'application' },
  'v1.endpoint.create': { method: 'POST', path: endpoint, access: 'application' },
  'v1.endpoint.get': { method: 'GET', path: `${endpoint}/{endpoint_id}`, access: 'application' },
  'v1.endpoint.update': { method: 'PUT', path: `${endpoint}/{endpoint_id}`, access: 'application' },
  'v1.endpoint.patch': { method: 'PATCH', path: `${endpoint}/{endpoint_id}`, access: 'application' },
  'v1.endpoint.delete': { method: 'DELETE', path: `${endpoint}/{endpoint_id}`, access: 'application' },
  'v1.endpoint.get-secret': { method: 'GET', path: `${endpoint}/{endpoint_id}/secret`, access: 'application' },
  'v1.endpoint.get-headers': { method: 'GET', path: `${endpoint}/{endpoint_id}/headers`, access: 'application' },
  'v1.endpoint.update-headers': { method: 'PUT', path: `${endpoint}/{endpoint_id}/headers`, access: 'application' },
  'v1.endpoint.patch-headers': { method: 'PATCH', path: `${endpoint}/{endpoint_id}/headers`, access: 'application' },
  'v1.endpoint.get-stats': { method: 'GET', path: `${endpoint}/{endpoint_id}/stats`, access: 'application' },

  'v1.destination.list': { method: 'GET', path: destination, access: 'application' },
  'v1.destination.create': { method: 'POST', path: destination, access: 'application' },
  'v1.destination.get': { method: 'GET', path: `${destination}/{destination_id}`, access: 'application' },
  'v1.destination.delete': { method: 'DELETE', path: `${destination}/{destination_id}`, access: 'application' },

  'v1.event-type.list': { method: 'GET', path: eventType, access: 'application' },
  'v1.event-type.create': { method: 'POST', path: eventType, access: 'organisation' },
  'v1.event-type.get': { method: 'GET', path: `${eventType}/{event_type_name}`, access: 'application' },

  'v1.message.create': { method: 'POST', path: message, access: 'organisation' },
  'v1.message.list': { method: 'GET', path: message, access: 'application' },
  'v1.message.get': { method: 'GET', path: `${message}/{msg_id}`, access: 'application' },

  'v1.message-attempt.list-by-endpoint': {
    method: 'GET',
    path: `${app}/{app_id}/attempt/endpoint/{endpoint_id}`,
    access: 'application',
  },
  'v1.message-attempt.list-by-msg': {
    method: 'GET',
    path: `${app}/{app_id}/attempt/msg/{msg_id}`,
    access: 'application',
  },
  'v1.message-attempt.get': { method: 'GET', path: `${message}/{msg_id}/attempt/{attempt_id}`, access: 'application' },
  'v1.message-attempt.resend': {
    method: 'POST',
    path: `${message}/{msg_id}/endpoint/{endpoint_id}/resend`,
    access: 'application',
  },

  'v1.health.get': { method: 'GET', path: '/api/v1/health', access: 'anyone' },
  'v1.health.head': { method: 'HEAD', path: '/api/v1/health', access: 'anyone' },
  'v1.openapi.get': { method: 'GET', path: '/api/v1/openapi.json', access: 'anyone' },
  'docs.get': { method: 'GET', path: '/docs', access: 'anyone' },
  'root.get': { method: 'GET', path: '/', access: 'anyone' },
} as const satisfies Readonly<Record<string, Route>>;

export type OperationId = keyof typeof routes;
