import type { DeadLetterEntry, DeadLetters } from '@posthorn/queues/dead-letters/dead-letters';
import { deadLetterQueues, planRedrive, type RedrivePlan } from '@posthorn/queues/dead-letters/plan-redrive';

/** Which entries are redriven: none, all that are jobs, or those with these ids. */
export type Selection = { readonly kind: 'none' | 'all' } | { readonly kind: 'ids'; readonly ids: ReadonlySet<string> };

/** A dead letter, and what became of it. */
export interface SeenEntry {
  readonly entry: DeadLetterEntry;
  readonly plan: RedrivePlan;
  readonly redriven: boolean;
}

/** One queue, with every entry that could be received. */
export interface SeenQueue {
  readonly queue: DeadLetterEntry['queue'];
  readonly entries: readonly SeenEntry[];
  /** About how many entries were not received: on a FIFO queue they wait behind others of their group. */
  readonly unseen: number;
}

/** An entry that was received is hidden for this long, so that the next receive brings others. */
const hideSeconds = 120;

/** A run looks at this many entries of a queue. The next run sees the rest. */
const maxEntries = 1_000;

/**
 * Looks at the dead letters of all queues, and redrives the selected ones. What is not redriven is visible again when it
 * ends.
 *
 * @param tell - called for each entry that was redriven
 * @param runNotice - called for each selected notice of stream records
 */
export async function redrive(
  letters: DeadLetters,
  selection: Selection,
  tell: (seen: SeenEntry) => void,
  runNotice?: RunNotice,
): Promise<readonly SeenQueue[]> {
  // At the same time: an empty queue takes a second. A queue that fails must not interrupt the others.
  const results = await Promise.allSettled(
    deadLetterQueues.map((queue) => redriveQueue(letters, queue, { selection, tell, runNotice })),
  );
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

/** Runs the records of a notice again. Returns why that cannot be done, if so. */
export type RunNotice = (body: string) => Promise<string | undefined>;

interface Redriving {
  readonly selection: Selection;
  readonly tell: (seen: SeenEntry) => void;
  readonly runNotice: RunNotice | undefined;
}

async function redriveQueue(
  letters: DeadLetters,
  queue: DeadLetterEntry['queue'],
  { selection, tell, runNotice }: Redriving,
): Promise<SeenQueue> {
  const entries: SeenEntry[] = [];
  try {
    while (entries.length < maxEntries) {
      const received = await letters.receive(queue, hideSeconds);
      if (received.length === 0) break;
      // One after the other: a FIFO queue gets the entries of a group in their order.
      for (const entry of received) {
        const seen = await redriveEntry(letters, entry, { selection, runNotice });
        entries.push(seen);
        if (seen.redriven) tell(seen);
      }
    }
  } finally {
    for (const { entry, redriven } of entries) if (!redriven) await letters.show(entry);
  }
  const left = entries.filter(({ redriven }) => !redriven).length;
  return { queue, entries, unseen: Math.max(0, (await letters.count(queue)) - left) };
}

async function redriveEntry(
  letters: DeadLetters,
  entry: DeadLetterEntry,
  { selection, runNotice }: Pick<Redriving, 'selection' | 'runNotice'>,
): Promise<SeenEntry> {
  const plan = planRedrive(entry);
  if (plan.kind === 'stays' || !isSelected(entry, selection)) return { entry, plan, redriven: false };
  if (plan.kind === 'runs') {
    const why = await runNotice?.(entry.body);
    if (why !== undefined) return { entry, plan: { kind: 'stays', ids: plan.ids, why }, redriven: false };
    await letters.remove(entry);
    return { entry, plan, redriven: true };
  }
  await letters.moveTo({ ...entry, body: plan.body ?? entry.body }, plan.to);
  return { entry, plan, redriven: true };
}

const isSelected = ({ id }: DeadLetterEntry, selection: Selection): boolean =>
  selection.kind === 'all' || (selection.kind === 'ids' && selection.ids.has(id));
