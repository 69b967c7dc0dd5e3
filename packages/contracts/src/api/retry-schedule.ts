import { maxRetryDelaySeconds, maxScheduleWaits } from '@posthorn/core';
import * as z from 'zod/mini';
import { component, described } from './documentation.ts';
import { defineOperations } from './operation.ts';

const wait = z.int().check(z.minimum(0), z.maximum(maxRetryDelaySeconds));
/** Seconds to wait after each failed attempt. */
export const waits = z.array(wait).check(z.maxLength(maxScheduleWaits));

/** A retry schedule that is set. */
const retryScheduleIn = component(
  'RetryScheduleIn',
  z.object({ retrySchedule: described('Seconds to wait after each failed attempt. Empty: one attempt only.', waits) }),
);

const retryScheduleOut = component(
  'RetryScheduleOut',
  z.object({ retrySchedule: described('Null if none is set here.', z.nullable(waits)) }),
);
export type RetryScheduleOut = z.output<typeof retryScheduleOut>;

const organisation = '/api/v1/retry-schedule';
const eventType = '/api/v1/event-type/{event_type_name}/retry-schedule';
const endpoint = '/api/v1/app/{app_id}/endpoint/{endpoint_id}/retry-schedule';

/** Retry schedules instead of the installation's: of the organisation, of an event type, of an endpoint. */
export const retryScheduleOperations = defineOperations('retry-schedules', {
  'v1.retry-schedule.get': {
    method: 'GET',
    path: organisation,
    access: 'organisation',
    summary: 'Get the schedule of the organisation',
    answers: { 200: retryScheduleOut },
  },
  'v1.retry-schedule.set': {
    method: 'PUT',
    path: organisation,
    access: 'organisation',
    summary: 'Set the schedule of the organisation',
    body: retryScheduleIn,
    answers: { 204: null },
  },
  'v1.retry-schedule.delete': {
    method: 'DELETE',
    path: organisation,
    access: 'organisation',
    summary: 'Clear the schedule of the organisation',
    answers: { 204: null },
  },
  'v1.retry-schedule.get-of-event-type': {
    method: 'GET',
    path: eventType,
    access: 'organisation',
    summary: 'Get the schedule of an event type',
    answers: { 200: retryScheduleOut },
  },
  'v1.retry-schedule.set-of-event-type': {
    method: 'PUT',
    path: eventType,
    access: 'organisation',
    summary: 'Set the schedule of an event type',
    body: retryScheduleIn,
    answers: { 204: null },
  },
  'v1.retry-schedule.delete-of-event-type': {
    method: 'DELETE',
    path: eventType,
    access: 'organisation',
    summary: 'Clear the schedule of an event type',
    answers: { 204: null },
  },
  'v1.retry-schedule.get-of-endpoint': {
    method: 'GET',
    path: endpoint,
    access: 'application',
    summary: 'Get the schedule of an endpoint',
    answers: { 200: retryScheduleOut },
  },
  'v1.retry-schedule.set-of-endpoint': {
    method: 'PUT',
    path: endpoint,
    access: 'organisation',
    summary: 'Set the schedule of an endpoint',
    body: retryScheduleIn,
    answers: { 204: null },
  },
  'v1.retry-schedule.delete-of-endpoint': {
    method: 'DELETE',
    path: endpoint,
    access: 'organisation',
    summary: 'Clear the schedule of an endpoint',
    answers: { 204: null },
  },
});
