import type { Storage } from '@posthorn/local-storage';
import { placeOf, ranges } from '../rows/keys.ts';
import { type Message, toMessage } from '../rows/message-row.ts';
import { readRows } from '../rows/read-rows.ts';
import { createGroup, type Group, insertInOrder } from './group.ts';
import { createTurns } from './turns.ts';
import { createWalk } from './walk.ts';

/** How much of a queue is kept in memory. */
export interface WindowLimits {
  readonly groups: number;
  readonly messagesPerGroup: number;
  /** Characters of all loaded bodies. */
  readonly characters: number;
}

const windowLimits: WindowLimits = { groups: 10_000, messagesPerGroup: 64, characters: 4 * 1_024 * 1_024 };

export interface WindowDeps {
  readonly storage: Pick<Storage, 'rows'>;
  readonly queueId: string;
  /** A FIFO queue's group has no turn while one of its messages is busy. */
  readonly fifo: boolean;
  /** The row must not be loaded: its message is in flight, or on its way out. */
  readonly isTaken: (sequence: number) => boolean;
  readonly limits?: WindowLimits;
}

export type Window = ReturnType<typeof createWindow>;

/**
 * The part of a queue that is in memory: some groups, and of each the first messages. The rest is read when there is
 * room. Only durable messages get in.
 */
export function createWindow({ storage, queueId, fifo, isTaken, limits = windowLimits }: WindowDeps) {
  const groups = new Map<string, Group>();
  const turns = createTurns<Group>();
  const refillBelow = limits.messagesPerGroup / 4;
  const loads = new Set<Promise<void>>();
  let characters = 0;

  const add = (group: Group, message: Message): void => {
    insertInOrder(group.waiting, message);
    characters += message.body.length;
  };

  /** Gives a group its turn or takes it away, and forgets it if it has nothing left. */
  const update = (group: Group): void => {
    const hasMessages = group.waiting.length > 0 || group.more || group.loading !== undefined;
    if (hasMessages && !(fifo && group.busy > 0)) turns.append(group);
    else turns.remove(group);
    if (group.busy > 0 || group.loading !== undefined) return;
    // After its turn it makes room for the groups that are not in memory.
    if (group.wasServed && walk.isLarge()) forget(group);
    else if (!hasMessages && groups.get(group.id) === group) groups.delete(group.id);
  };

  const addRows = (group: Group, rows: readonly (readonly [string, string])[]): void => {
    for (const [key, value] of rows) {
      const place = placeOf(key, queueId);
      group.loadedTo = place.sequence;
      if (!isTaken(place.sequence)) add(group, toMessage(value, place));
    }
  };

  const read = async (group: Group): Promise<void> => {
    // Messages that arrive from now on set it again, because these rows may not contain them.
    group.more = false;
    try {
      // A large queue keeps few messages of each group in memory.
      const limit = characters < limits.characters ? limits.messagesPerGroup : 1;
      const rows = await readRows(storage, ranges.messagesAfter(queueId, group.id, group.loadedTo), limit);
      addRows(group, rows);
      if (rows.length === limit) group.more = true;
    } catch (error) {
      group.more = true;
      throw error;
    }
  };

  /** Loads the next messages of a group. */
  const load = (group: Group): void => {
    if (group.loading !== undefined) return;
    const loading = read(group).finally(() => {
      group.loading = undefined;
      loads.delete(loading);
      update(group);
    });
    group.loading = loading;
    loads.add(loading);
    // A failure sets `more` again. The take that waits for the messages meets it.
    loading.catch(() => undefined);
  };

  const walk = createWalk({ storage, queueId, groups, limits, addRows, update });

  return {
    turns,
    find: (id: string): Group | undefined => groups.get(id),
    groups: (): Iterable<Group> => groups.values(),
    explore: walk.explore,
    load,
    /** Resolves when what is being loaded is there. */
    loaded: async (): Promise<void> => void (await Promise.all(loads)),
    update,
    /**
     * Discovers more groups. If there is no room, it forgets groups that the caller may not take from. Returns false if
     * that cannot help.
     */
    async discover(useless: Iterable<Group>): Promise<boolean> {
      if (!walk.isComplete() && groups.size >= limits.groups) for (const group of useless) forget(group);
      return walk.step();
    },

    /** A message became durable. */
    arrived(message: Message): void {
      const known = groups.get(message.group);
      const group = known ?? walk.admit(message.group);
      // A load may have found it just before.
      if (group === undefined || message.sequence <= group.loadedTo) return;
      const isNext = !group.more && group.loading === undefined;
      if (isNext && group.waiting.length < limits.messagesPerGroup && characters < limits.characters) {
        add(group, message);
        group.loadedTo = message.sequence;
      } else group.more = true;
      update(group);
    },

    /** Takes the first message of a group. */
    shift(group: Group): void {
      const message = group.waiting.shift();
      if (message !== undefined) characters -= message.body.length;
      group.busy += 1;
      group.wasServed = true;
      const isNeeded = group.waiting.length < refillBelow && !walk.isLarge();
      if (isNeeded && group.more && characters < limits.characters) load(group);
      update(group);
    },

    /** A message that was taken waits again, before later ones of its group. */
    returned(group: Group, message: Message): void {
      if (groups.get(group.id) !== group) {
        walk.missed();
        return;
      }
      add(group, message);
      group.busy -= 1;
      update(group);
    },

    /** A message that was taken is deleted. */
    gone(group: Group): void {
      group.busy -= 1;
      update(group);
    },

    /** Takes a certain message, which waits in memory or only in its row. */
    withdraw(id: string, sequence: number): Group {
      // A group that is not in memory stays out of it.
      const group = groups.get(id) ?? createGroup(id);
      const index = group.waiting.findIndex((message) => message.sequence === sequence);
      const [message] = index === -1 ? [] : group.waiting.splice(index, 1);
      characters -= message?.body.length ?? 0;
      group.busy += 1;
      update(group);
      return group;
    },

    /** The other groups come before this one. */
    toEnd(group: Group): void {
      if (!group.inTurn) return;
      turns.remove(group);
      turns.append(group);
    },
  };

  /** Forgets a group that is not busy. It is discovered again later. */
  function forget(group: Group): void {
    if (group.busy > 0 || group.loading !== undefined || groups.get(group.id) !== group) return;
    for (const { body } of group.waiting) characters -= body.length;
    turns.remove(group);
    groups.delete(group.id);
    walk.missed();
  }
}
