import * as z from 'zod/mini';
import { component, described } from './documentation.ts';
import { eventTypeIn, eventTypeOut } from './event-type.ts';
import { instant } from './fields.ts';
import { defineOperations } from './operation.ts';
import { problemOut } from './problem.ts';
import { waits } from './retry-schedule.ts';

const retrySchedule = described('The retry schedule of the organisation. Null: none is set.', z.nullish(waits));

/** The settings of an organisation. An unknown one is refused. */
const settings = component('EnvironmentSettings', z.strictObject({ retrySchedule }));

const noConnectors = described(
  'There are no connectors in Posthorn.',
  z.array(z.unknown()).check(z.maxLength(0, { error: 'must be empty: there are no connectors' })),
);

/** So many fit into a request body as they are exported, if they have no schemas and no flags (`maxBodyParts`). */
const maxImported = 1_800;

/** What to import. Nothing is deleted: what is absent or null stays as it is. */
const environmentIn = component(
  'EnvironmentIn',
  z.object({
    eventTypes: z.nullish(
      described(
        'Each one replaces the event type with its name. If a name is in the list twice, the last one counts.',
        z.array(eventTypeIn).check(z.maxLength(maxImported, { error: `must be at most ${maxImported} event types` })),
      ),
    ),
    settings: z.nullish(settings),
    connectors: z.nullish(noConnectors),
  }),
);
export type EnvironmentIn = z.output<typeof environmentIn>;

const environmentOut = component(
  'EnvironmentOut',
  z.object({
    version: z.int(),
    createdAt: instant,
    eventTypes: described('All event types, archived ones included.', z.array(eventTypeOut)),
    settings: z.nullable(settings),
    connectors: z.array(z.unknown()),
  }),
);
export type EnvironmentOut = z.output<typeof environmentOut>;

/** What an organisation has set up, as one document that another organisation or installation can import. */
export const environmentOperations = defineOperations('event-types', {
  'v1.environment.export': {
    method: 'POST',
    path: '/api/v1/environment/export',
    access: 'organisation',
    summary: 'Export event types and settings',
    // 400: the event types are too large for one answer.
    answers: { 200: environmentOut, 400: problemOut },
    answerNames: 'nothing',
  },
  'v1.environment.import': {
    method: 'POST',
    path: '/api/v1/environment/import',
    access: 'organisation',
    summary: 'Import event types and settings: nothing is deleted',
    body: environmentIn,
    answers: { 204: null },
    answerNames: 'nothing',
  },
});
