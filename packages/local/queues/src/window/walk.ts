import type { Range, Storage } from '@posthorn/local-storage';
import { placeOf, ranges } from '../rows/keys.ts';
import { readRows } from '../rows/read-rows.ts';
import { createGroup, type Group } from './group.ts';

export interface WalkDeps {
  readonly storage: Pick<Storage, 'rows'>;
  readonly queueId: string;
  readonly groups: Map<string, Group>;
  readonly limits: { readonly groups: number };
  readonly addRows: (group: Group, rows: readonly Row[]) => void;
  readonly update: (group: Group) => void;
}

type Row = readonly [key: string, value: string];

const rowsPerStep = 128;
/** The rest of a longer group is loaded when it is needed. */
const rowsPerGroup = 16;

/**
 * Discovers the groups of a queue, in the order of their names and round after round, as far as there is room for them.
 * It knows when all groups are in memory: then a new group has no other rows.
 */
export function createWalk({ storage, queueId, groups, limits, addRows, update }: WalkDeps) {
  let position: Range = ranges.messages(queueId);
  let complete = false;
  /** There are more groups than there is room for. */
  let isLarge = false;
  let groupsInRound = 0;
  /** A group was not admitted, or was forgotten, since this round began. */
  let missedSome = false;
  /** Groups with messages that arrived during a step and may be missing in its rows. */
  const arrivedMeanwhile = new Set<string>();
  let stepping: Promise<boolean> | undefined;
  let exploring = false;

  const missed = (): void => {
    missedSome = true;
    complete = false;
  };

  const hasRoom = (): boolean => groups.size < limits.groups;

  const step = async (): Promise<boolean> => {
    const rows = await readRows(storage, position, rowsPerStep);
    let added = 0;
    for (const [id, own] of byGroup(rows, queueId)) {
      groupsInRound += 1;
      if (groups.has(id)) continue;
      if (!hasRoom()) {
        position = ranges.messagesFrom(queueId, id);
        isLarge = true;
        missed();
        return added > 0;
      }
      const group = createGroup(id);
      groups.set(id, group);
      added += 1;
      const kept = own.slice(0, isLarge ? 1 : rowsPerGroup);
      addRows(group, kept);
      const isCut = rows.length === rowsPerStep && own.at(-1) === rows.at(-1);
      group.more = isCut || own.length > kept.length || arrivedMeanwhile.has(id);
      update(group);
    }
    const last = rows.at(-1);
    if (rows.length === rowsPerStep && last !== undefined) {
      position = ranges.groupsAfter(queueId, placeOf(last[0], queueId).group);
      return true;
    }
    position = ranges.messages(queueId);
    complete = !missedSome;
    if (complete || groupsInRound < limits.groups / 2) isLarge = false;
    missedSome = false;
    groupsInRound = 0;
    return added > 0 || !complete;
  };

  const stepOnce = async (): Promise<boolean> => {
    if (complete || !hasRoom()) return false;
    stepping ??= step().finally(() => {
      stepping = undefined;
      arrivedMeanwhile.clear();
    });
    return stepping;
  };

  const exploreAll = async (): Promise<void> => {
    while (await stepOnce());
  };

  return {
    isComplete: (): boolean => complete,
    isLarge: (): boolean => isLarge,
    missed,

    /** Returns true if it has discovered groups, or another step may. */
    step: stepOnce,

    /** Discovers groups in the background while there is room, so that all of them get their turn. */
    explore(): void {
      if (exploring || complete || groups.size > limits.groups / 2) return;
      exploring = true;
      exploreAll()
        .catch(() => undefined) // A take meets the same failure.
        .finally(() => {
          exploring = false;
        });
    },

    /** Creates the group of a new message, if there is room. It has to be loaded unless all groups are known. */
    admit(id: string): Group | undefined {
      if (!hasRoom()) {
        isLarge = true;
        missed();
        if (stepping !== undefined) arrivedMeanwhile.add(id);
        return undefined;
      }
      const group = createGroup(id);
      group.more = !complete;
      groups.set(id, group);
      return group;
    },
  };
}

function byGroup(rows: readonly Row[], queueId: string): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const { group } = placeOf(row[0], queueId);
    const own = groups.get(group);
    if (own === undefined) groups.set(group, [row]);
    else own.push(row);
  }
  return groups;
}
