import { setTimeout as wait } from 'node:timers/promises';
import type { TestedSystem } from '../system/start-system.ts';
import { setStoredUrl } from '../traffic/break-endpoint.ts';
import type { Person } from '../traffic/people.ts';
import type { Tenant } from '../traffic/prepare-tenants.ts';
import { peopleSteps } from './people-steps.ts';

/** The name of the endpoints whose stored rows are damaged for a while. */
export const broken = 'broken';

const pauseMs = 300;
const betweenDeletionsMs = 4_000;
const looksOfQuiet = 3;
const lookEveryMs = 500;
const noUrl = 'no URL';
const brokenMs = 3_000;

export interface Work {
  readonly system: TestedSystem;
  readonly tenants: readonly Tenant[];
  /** One for each tenant. */
  readonly persons: readonly Person[];
  /** From when on messages are sent again. */
  readonly since: Date;
  readonly isOver: () => boolean;
}

/** Lets people work until it is over. Each of them does two things at a time. */
export async function workAt({ system, tenants, persons, since, isOver }: Work): Promise<void> {
  const repeat = async (work: () => Promise<void>) => {
    while (!isOver()) {
      await work();
      await wait(pauseMs);
    }
  };
  await Promise.all([
    ...persons.map((person) => repeat(() => workOnDeliveries(person))),
    ...persons.map((person) => repeat(() => workOnEndpoints(person, since))),
    deleteInTurn({ system, persons, isOver }),
    breakForAWhile(system, tenants),
  ]);
}

async function workOnDeliveries(person: Person): Promise<void> {
  await person.seeToHeads('blocks');
  await person.resend('plain');
  await person.resend('keys');
  await person.switchOffAndOn('switched-keys');
}

async function workOnEndpoints(person: Person, since: Date): Promise<void> {
  await person.switchOffAndOn('switched');
  await person.recover('switched', since);
  await person.replayMissing('switched', since);
  await person.bulkReplay('plain');
  await person.enable('gone');
  await person.recover('gone', since);
}

/** The next endpoint is deleted when the steps of a deletion are due, and the last deletion has not led to all of them. */
async function deleteInTurn({ system, persons, isOver }: Omit<Work, 'tenants' | 'since'>): Promise<void> {
  const left = { alone: [...persons], inGroups: [...persons] };
  // Until there is something that waits for them.
  await wait(betweenDeletionsMs);
  while (!isOver()) {
    const kills = system.journal().filter(({ kind }) => kind === 'killed').length;
    const step = peopleSteps[kills]?.step ?? '';
    const wanted = step.startsWith('cancel') ? left.alone : left.inGroups;
    const name = wanted === left.alone ? 'doomed' : 'doomed-keys';
    if (/^(cancel|sweep|delete)/.test(step)) await wanted.shift()?.delete(name);
    await wait(betweenDeletionsMs);
  }
}

/** The stored rows of some endpoints are damaged, and mended. What came meanwhile is among the dead letters. */
async function breakForAWhile(system: TestedSystem, tenants: readonly Tenant[]): Promise<void> {
  const rows = tenants.flatMap((tenant) => tenant.endpoints.filter(({ path }) => path.includes(`/${broken}/`)));
  const setAll = async (urlOf: (path: string) => string) => {
    for (const row of rows) await untilDone(async () => setStoredUrl(await system.cloud(), row, urlOf(row.path)));
  };
  await setAll(() => noUrl);
  await wait(brokenMs);
  await setAll((path) => `${system.receiverUrl}${path}`);
}

const mostTries = 50;

/** While the host starts again, nothing can be written. */
async function untilDone(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === mostTries) throw error;
      await wait(lookEveryMs);
    }
  }
}

/** Everything that stays is on, no head blocks its group, and what was canceled is begun again. */
export async function tidyUp(person: Person, since: Date): Promise<void> {
  await Promise.all(['switched', 'switched-keys', 'gone'].map((name) => person.enable(name)));
  await Promise.all(['doomed', 'doomed-keys'].map((name) => person.delete(name)));
  for (let quiet = 0; quiet < looksOfQuiet; ) {
    const areBusy = await Promise.all([person.seeToHeads('blocks', false), person.seeToHeads('switched-keys', false)]);
    quiet = areBusy.includes(true) ? 0 : quiet + 1;
    await wait(lookEveryMs);
  }
  await person.recover('switched', since);
}
