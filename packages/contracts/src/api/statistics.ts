import * as z from 'zod/mini';
import { taskFields } from './background-task.ts';
import { component, described } from './documentation.ts';
import { text } from './fields.ts';
import { defineOperations } from './operation.ts';
import { requestInstant } from './paging.ts';
import { problemOut } from './problem.ts';

/** Each one is looked up before the answer. */
const maxApplications = 500;
const maxNameLength = 256;

const appUsageStatsIn = component(
  'AppUsageStatsIn',
  z.object({
    since: described('Attempts that were made from this time on, rounded down to the hour.', requestInstant()),
    until: described('Attempts that were made before this time, rounded up to the hour.', requestInstant()),
    appIds: z.nullish(
      described(
        'Ids or uids of applications. Absent: all applications.',
        z.array(text({ least: 1, most: maxNameLength })).check(z.minLength(1), z.maxLength(maxApplications)),
      ),
    ),
  }),
);
export type AppUsageStatsIn = z.output<typeof appUsageStatsIn>;

const appUsageStatsOut = component(
  'AppUsageStatsOut',
  z.object({
    ...taskFields,
    unresolvedAppIds: described('Those of appIds that no application has.', z.array(z.string())),
  }),
);

const aggregateEventTypesOut = component('AggregateEventTypesOut', z.object(taskFields));

export const statisticsOperations = defineOperations('background-tasks', {
  'v1.statistics.aggregate-app-stats': {
    method: 'POST',
    path: '/api/v1/stats/usage/app',
    access: 'organisation',
    summary: 'Count the attempts of applications',
    body: appUsageStatsIn,
    // 400: the window is empty, or has not begun.
    answers: { 202: appUsageStatsOut, 400: problemOut },
    answerNames: { thing: 'background-task', field: 'id' },
  },
  'v1.statistics.aggregate-event-types': {
    method: 'PUT',
    path: '/api/v1/stats/usage/event-types',
    access: 'organisation',
    summary: 'List the event types that each application subscribes to',
    answers: { 202: aggregateEventTypesOut },
  },
});
