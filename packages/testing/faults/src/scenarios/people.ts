import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '@posthorn/local-dynamodb';
import { nameOfKill } from '../history/fault-names.ts';
import type { TestedSystem } from '../system/start-system.ts';
import { createPerson } from '../traffic/people.ts';
import type { WantedEndpoint } from '../traffic/prepare-tenants.ts';
import { untilKilled } from './kills.ts';
import { peopleSteps, redriveStep } from './people-steps.ts';
import { redriveAll } from './redrive-all.ts';
import { type Observe, runSystem } from './run-system.ts';
import type { Scenario } from './scenario.ts';
import { broken, tidyUp, workAt } from './work-of-people.ts';

const accepts = { behaviour: 'accept', expects: 'accepts' } as const;
const switched = { behaviour: 'sometimes-500', times: 1, expects: 'accepts-while-on' } as const;
const poisoned = { behaviour: 'seldom-down', expects: 'accepts-or-ends', order: 'key' } as const;
const doomed = { behaviour: 'status-500', expects: 'is-deleted' } as const;
const endpoints: readonly WantedEndpoint[] = [
  { ...accepts, name: 'plain', order: 'none' },
  { ...accepts, name: 'keys', order: 'key' },
  { ...accepts, name: broken, order: 'none' },
  { ...switched, name: 'switched', order: 'none' },
  { ...switched, name: 'switched-keys', order: 'key' },
  { ...poisoned, name: 'blocks' },
  { ...poisoned, name: 'skips', onExhausted: 'skip' },
  { name: 'gone', order: 'none', behaviour: 'status-410', times: 1, expects: 'is-disabled' },
  { ...doomed, name: 'doomed', order: 'none' },
  { ...doomed, name: 'doomed-keys', order: 'key' },
];
const retrySchedule = '1,1,2';

export const people: Scenario = {
  name: 'people',
  about: 'people disable, enable, delete, skip, retry, resend, recover, replay and redrive, with a kill at each step',
  run(run) {
    const random = createRandom(run.seed);
    const since = new Date();
    return runSystem(run, {
      plan: { kills: peopleSteps },
      environment: { POSTHORN_RETRY_SCHEDULE: retrySchedule },
      endpoints,
      perSecond: 8,
      settleMs: 120_000,
      expects: [nameOfKill(redriveStep)],
      async trouble(system, observe, { seconds }, users) {
        await system.setOutage(true);
        let isOver = false;
        const persons = users.tenants.map((tenant) => createPerson({ ...users, observe, random }, tenant));
        const work = workAt({ system, tenants: users.tenants, persons, since, isOver: () => isOver });
        const posted = wait(seconds * 1_000);
        const done = untilKilled(system, peopleSteps).then(() => posted);
        // If someone's work fails, the run is over too.
        await Promise.race([done, work]).finally(() => {
          isOver = true;
        });
        await work;
      },
      async afterwards(system, observe, users) {
        await system.setOutage(false);
        const persons = users.tenants.map((tenant) => createPerson({ ...users, observe, random }, tenant));
        await Promise.all(persons.map((person) => tidyUp(person, since)));
        await redriveAll(system, () => killAtRedrive(system, observe));
      },
    });
  },
};

async function killAtRedrive(system: TestedSystem, observe: Observe): Promise<void> {
  await system.killHost((event) => observe({ ...event, step: redriveStep }));
}
