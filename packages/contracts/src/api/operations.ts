import * as z from 'zod/mini';
import {
  applicationCreateQuery,
  applicationIn,
  applicationListOut,
  applicationOut,
  applicationPatch,
} from './application.ts';
import { attemptListOut, attemptListQuery, attemptOut, emptyOut } from './attempt.ts';
import { destinationIn, destinationListOut, destinationOut } from './destination.ts';
import {
  endpointHeadersIn,
  endpointHeadersOut,
  endpointHeadersPatch,
  endpointIn,
  endpointListOut,
  endpointOut,
  endpointPatch,
  endpointSecretOut,
  endpointStats,
  endpointStatsQuery,
  endpointUpsert,
} from './endpoint.ts';
import { eventTypeIn, eventTypeListOut, eventTypeListQuery, eventTypeOut } from './event-type.ts';
import { messageIn, messageListOut, messageListQuery, messageOut, messageQuery } from './message.ts';
import { listQuery } from './paging.ts';
import { problemOut, validationProblemOut } from './problem.ts';
import type { OperationId } from './routes.ts';

/** Every schema that the API's description names. */
export const components = {
  ApplicationIn: applicationIn,
  ApplicationPatch: applicationPatch,
  ApplicationOut: applicationOut,
  ListResponse_ApplicationOut_: applicationListOut,
  EndpointIn: endpointIn,
  EndpointUpdate: endpointUpsert,
  EndpointPatch: endpointPatch,
  EndpointOut: endpointOut,
  ListResponse_EndpointOut_: endpointListOut,
  EndpointSecretOut: endpointSecretOut,
  EndpointHeadersIn: endpointHeadersIn,
  EndpointHeadersPatchIn: endpointHeadersPatch,
  EndpointHeadersOut: endpointHeadersOut,
  EndpointStats: endpointStats,
  DestinationIn: destinationIn,
  DestinationOut: destinationOut,
  ListResponse_DestinationOut_: destinationListOut,
  EventTypeIn: eventTypeIn,
  EventTypeOut: eventTypeOut,
  ListResponse_EventTypeOut_: eventTypeListOut,
  MessageIn: messageIn,
  MessageOut: messageOut,
  ListResponse_MessageOut_: messageListOut,
  MessageAttemptOut: attemptOut,
  ListResponse_MessageAttemptOut_: attemptListOut,
  EmptyResponse: emptyOut,
  HttpErrorOut: problemOut,
  HTTPValidationError: validationProblemOut,
} as const satisfies Readonly<Record<string, z.ZodMiniType>>;

export type ComponentName = keyof typeof components;

/** What an operation takes and answers, beside its route. */
export interface Operation {
  readonly summary: string;
  readonly query?: z.ZodMiniObject;
  readonly body?: ComponentName;
  /** Status to the schema of its body; `null` for none. */
  readonly answers: Readonly<Record<number, ComponentName | null>>;
}

const attemptsQuery = z.omit(attemptListQuery, { endpoint_id: true });

/** What every operation takes and answers. */
export const operations: Readonly<Record<OperationId, Operation>> = {
  'v1.application.list': {
    summary: 'List applications',
    query: listQuery,
    answers: { 200: 'ListResponse_ApplicationOut_' },
  },
  'v1.application.create': {
    summary: 'Create an application',
    query: applicationCreateQuery,
    body: 'ApplicationIn',
    answers: { 200: 'ApplicationOut', 201: 'ApplicationOut' },
  },
  'v1.application.get': { summary: 'Get an application', answers: { 200: 'ApplicationOut' } },
  'v1.application.update': {
    summary: 'Replace an application, or create it',
    body: 'ApplicationIn',
    answers: { 200: 'ApplicationOut', 201: 'ApplicationOut' },
  },
  'v1.application.patch': {
    summary: 'Change parts of an application',
    body: 'ApplicationPatch',
    answers: { 200: 'ApplicationOut' },
  },
  'v1.application.delete': { summary: 'Delete an application and its endpoints', answers: { 204: null } },

  'v1.endpoint.list': {
    summary: 'List the endpoints of an application',
    query: listQuery,
    answers: { 200: 'ListResponse_EndpointOut_' },
  },
  'v1.endpoint.create': { summary: 'Create an endpoint', body: 'EndpointIn', answers: { 201: 'EndpointOut' } },
  'v1.endpoint.get': { summary: 'Get an endpoint', answers: { 200: 'EndpointOut' } },
  'v1.endpoint.update': {
    summary: 'Replace an endpoint, or create it',
    body: 'EndpointUpdate',
    answers: { 200: 'EndpointOut', 201: 'EndpointOut' },
  },
  'v1.endpoint.patch': {
    summary: 'Change parts of an endpoint',
    body: 'EndpointPatch',
    answers: { 200: 'EndpointOut' },
  },
  'v1.endpoint.delete': { summary: 'Delete an endpoint', answers: { 204: null } },
  'v1.endpoint.get-secret': {
    summary: 'Get the secret that verifies what an endpoint receives',
    answers: { 200: 'EndpointSecretOut' },
  },
  'v1.endpoint.get-headers': {
    summary: 'Get the headers that are sent along to an endpoint',
    answers: { 200: 'EndpointHeadersOut' },
  },
  'v1.endpoint.update-headers': {
    summary: 'Replace the headers that are sent along to an endpoint',
    body: 'EndpointHeadersIn',
    answers: { 204: null },
  },
  'v1.endpoint.patch-headers': {
    summary: 'Change some of the headers that are sent along to an endpoint',
    body: 'EndpointHeadersPatchIn',
    answers: { 204: null },
  },
  'v1.endpoint.get-stats': {
    summary: 'Count the attempts of an endpoint',
    query: endpointStatsQuery,
    answers: { 200: 'EndpointStats' },
  },

  'v1.destination.list': {
    summary: 'List the destinations (endpoints in FIFO mode) of an application',
    query: listQuery,
    answers: { 200: 'ListResponse_DestinationOut_' },
  },
  'v1.destination.create': {
    summary: 'Create a destination (an endpoint in FIFO mode)',
    body: 'DestinationIn',
    answers: { 201: 'DestinationOut' },
  },
  'v1.destination.get': { summary: 'Get a destination', answers: { 200: 'DestinationOut' } },
  'v1.destination.delete': { summary: 'Delete a destination', answers: { 204: null } },

  'v1.event-type.list': {
    summary: 'List event types',
    query: eventTypeListQuery,
    answers: { 200: 'ListResponse_EventTypeOut_' },
  },
  'v1.event-type.create': {
    summary: 'Create an event type, or bring an archived one back',
    body: 'EventTypeIn',
    answers: { 201: 'EventTypeOut' },
  },
  'v1.event-type.get': { summary: 'Get an event type', answers: { 200: 'EventTypeOut' } },

  'v1.message.create': {
    summary: 'Send a message to every endpoint that wants it',
    query: messageQuery,
    body: 'MessageIn',
    answers: { 202: 'MessageOut' },
  },
  'v1.message.list': {
    summary: 'List the messages of an application',
    query: messageListQuery,
    answers: { 200: 'ListResponse_MessageOut_' },
  },
  'v1.message.get': { summary: 'Get a message', query: messageQuery, answers: { 200: 'MessageOut' } },

  'v1.message-attempt.list-by-endpoint': {
    summary: 'List the attempts at an endpoint',
    query: attemptsQuery,
    answers: { 200: 'ListResponse_MessageAttemptOut_' },
  },
  'v1.message-attempt.list-by-msg': {
    summary: 'List the attempts of a message',
    query: attemptListQuery,
    answers: { 200: 'ListResponse_MessageAttemptOut_' },
  },
  'v1.message-attempt.get': { summary: 'Get an attempt', answers: { 200: 'MessageAttemptOut' } },
  'v1.message-attempt.resend': {
    summary: 'Send a message to an endpoint once more',
    answers: { 202: 'EmptyResponse' },
  },

  'v1.health.get': { summary: 'Whether the service is up', answers: { 200: 'EmptyResponse' } },
  'v1.health.head': { summary: 'Whether the service is up', answers: { 200: null } },
  'v1.openapi.get': { summary: 'This document', answers: { 200: 'EmptyResponse' } },
  'docs.get': { summary: 'The reference, for reading', answers: { 200: null } },
  'root.get': { summary: 'Where the reference is', answers: { 307: null } },
};
