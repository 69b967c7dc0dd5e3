import { type ChangeEvent, type ChangeSource, type Item, planEvents } from '@posthorn/change-events';

/** How far a backfill is. It is kept in a file, so that the next call goes on. */
export interface Progress {
  /** Part of the ids of the messages: the same run and item give the same message. */
  readonly run: string;
  readonly startedAt: string;
  /** The last item that is done. */
  readonly after?: Item;
  readonly items: number;
  readonly events: number;
  readonly refused: number;
}

export interface BackfillDeps {
  /** The items behind one, in the order of the table. */
  readonly readItems: (after: Item | undefined) => Promise<{ readonly items: readonly Item[]; readonly next?: Item }>;
  /** Accepts an event, once for each identity. Returns why, if it never can. */
  readonly accept: (event: ChangeEvent, source: ChangeSource, at: Date) => Promise<string | undefined>;
  readonly save: (progress: Progress) => Promise<void>;
  readonly pause: (ms: number) => Promise<void>;
  /** Milliseconds that only grow. */
  readonly clock: () => number;
  /** Called for each event that cannot be made. */
  readonly refuse: (keys: Item, reason: string) => void;
}

export interface BackfillPlan {
  readonly sources: readonly ChangeSource[];
  readonly keyNames: readonly string[];
  /** The most items in a second. */
  readonly rate: number;
}

/** How many times a second the rate is kept. */
const turns = 10;

/**
 * Makes an `insert` event of each item of a table, for each rule that wants inserts. It can be repeated at any point: an
 * event that is accepted already stays the only one.
 */
export async function backfill(deps: BackfillDeps, plan: BackfillPlan, start: Progress): Promise<Progress> {
  let progress = start;
  for (let after = start.after; ; ) {
    const { items, next } = await deps.readItems(after);
    progress = await doItems(deps, plan, { progress, items });
    after = next;
    progress = { ...progress, ...(next && { after: next }) };
    await deps.save(progress);
    if (next === undefined) return progress;
  }
}

interface Page {
  readonly progress: Progress;
  readonly items: readonly Item[];
}

async function doItems(deps: BackfillDeps, plan: BackfillPlan, { progress, items }: Page): Promise<Progress> {
  const together = Math.max(1, Math.ceil(plan.rate / turns));
  let [events, refused] = [0, 0];
  for (let first = 0; first < items.length; first += together) {
    const since = deps.clock();
    const some = items.slice(first, first + together);
    for (const done of await Promise.all(some.map((item) => doItem(deps, plan, { item, progress })))) {
      events += done.events;
      refused += done.refused;
    }
    await deps.pause(Math.max(0, (some.length * 1_000) / plan.rate - (deps.clock() - since)));
  }
  return {
    ...progress,
    items: progress.items + items.length,
    events: progress.events + events,
    refused: progress.refused + refused,
  };
}

async function doItem(
  { accept, refuse }: BackfillDeps,
  { sources, keyNames }: BackfillPlan,
  { item, progress: { run, startedAt } }: { readonly item: Item; readonly progress: Progress },
) {
  const keys = Object.fromEntries(keyNames.map((name) => [name, item[name] ?? {}]));
  const changedAt = new Date(startedAt);
  const change = { operation: 'insert', keys, new: item, changedAt } as const;
  const place = { streamArn: `backfill ${run}`, sequenceNumber: JSON.stringify(keys) };
  let [events, refused] = [0, 0];
  for (const source of sources)
    for (const event of planEvents({ ...change, ...place }, source)) {
      const reason = event.kind === 'refused' ? event.reason : await accept(event, source, changedAt);
      if (reason === undefined) events += 1;
      else {
        refused += 1;
        refuse(keys, reason);
      }
    }
  return { events, refused };
}
