import * as z from 'zod/mini';
import { emptyOut } from './fields.ts';
import { defineOperations } from './operation.ts';
import { problemOut } from './problem.ts';

/** Operations that need no token. */
export const frontDoorOperations = defineOperations('front-door', {
  'v1.health.get': {
    method: 'GET',
    path: '/api/v1/health',
    access: 'anyone',
    summary: 'Whether messages can be accepted',
    answers: { 200: emptyOut, 503: problemOut },
  },
  'v1.health.head': {
    method: 'HEAD',
    path: '/api/v1/health',
    access: 'anyone',
    summary: 'Whether messages can be accepted',
    answers: { 200: null, 503: null },
  },
  'v1.health.live': {
    method: 'GET',
    path: '/api/v1/health/live',
    access: 'anyone',
    summary: 'Whether the service answers at all',
    answers: { 200: emptyOut },
  },
  'v1.openapi.get': {
    method: 'GET',
    path: '/api/v1/openapi.json',
    access: 'anyone',
    summary: 'The OpenAPI document',
    answers: { 200: z.looseObject({ openapi: z.string() }) },
  },
  'docs.get': {
    method: 'GET',
    path: '/docs',
    access: 'anyone',
    summary: 'The API reference as a page',
    answers: { 200: null },
  },
  'root.get': {
    method: 'GET',
    path: '/',
    access: 'anyone',
    summary: 'Redirect to the API reference',
    answers: { 307: null },
  },
});
