import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readSources, sourcesFileName } from '@posthorn/change-events/file';
import { dataFolderAt } from '../data-folder.ts';
import { localStage } from '../host-options.ts';
import { readLocalCloud } from '../local-cloud-file.ts';
import { ownOrganisation } from '../organisation.ts';
import { createAcceptEvents } from './accept-events.ts';
import { backfill, type Progress } from './backfill.ts';
import { type OpenTable, openTable } from './open-table.ts';
import { readProgress, removeProgress, writeProgress } from './progress-file.ts';

export interface BackfillRequest {
  readonly table: string;
  readonly stage: string;
  /** Items in a second. */
  readonly rate: number;
  /** Begins a new run, although the last one is not finished. */
  readonly restart: boolean;
  readonly dataDir: string;
}

/** Makes insert events of the items of a table, from the beginning or from where the last call ended. */
export async function runBackfill(
  { table, stage, rate, restart, dataDir }: BackfillRequest,
  say: (text: string) => void,
): Promise<Progress> {
  const organisationId = stage === localStage ? ownOrganisation() : process.env.POSTHORN_ORGANISATION;
  const target = { stage, ...(organisationId ? { organisationId } : {}) };
  const file = resolve(process.env.POSTHORN_SOURCES || sourcesFileName);
  const all = (await readSources(file, target)).sources;
  const sources = all.filter(({ tableName }) => tableName === table);
  if (sources.length === 0) throw new Error(`No source of ${file} has the table ${table} in the stage ${stage}`);
  const opened = await openTable(table, await clientOptions(stage, dataDir));
  const progressFile = join(dataDir, 'backfills', `${stage}.${table}.json`);
  const last = restart ? undefined : await readProgress(progressFile);
  const progress = last ?? newRun();
  say(last ? `Goes on with run ${last.run}: ${last.items} items are done` : `Begins run ${progress.run}`);
  try {
    const done = await backfill(depsOf(opened, { stage, progressFile, say }), { ...opened, sources, rate }, progress);
    await removeProgress(progressFile);
    return done;
  } finally {
    opened.client.destroy();
  }
}

/** The time is part of the messages' ids, in whole seconds like that of a change. */
function newRun(): Progress {
  const startedAt = new Date(Math.floor(Date.now() / 1_000) * 1_000).toISOString();
  return { run: randomUUID(), startedAt, items: 0, events: 0, refused: 0 };
}

interface Running {
  readonly stage: string;
  readonly progressFile: string;
  readonly say: (text: string) => void;
}

const depsOf = ({ client, readItems }: OpenTable, { stage, progressFile, say }: Running) => ({
  readItems,
  accept: createAcceptEvents(client, stage),
  async save(progress: Progress) {
    await writeProgress(progressFile, progress);
    say(`${progress.items} items, ${progress.events} events`);
  },
  pause: async (ms: number) => wait(ms),
  clock: () => performance.now(),
  refuse: (keys: object, reason: string) => say(`No event of ${JSON.stringify(keys)}: ${reason}`),
});

/** The running local system, or for another stage the account of the environment. */
async function clientOptions(stage: string, dataDir: string) {
  if (stage !== localStage) return {};
  const cloud = await readLocalCloud(dataFolderAt(dataDir));
  if (cloud === undefined)
    throw new Error(`No Posthorn runs with the data folder ${dataDir}. Start it: npx pnpm@12 start`);
  return { endpoint: cloud.dynamodb, region: cloud.region, credentials: cloud.system };
}
