import { movesOf } from './moves.ts';
import { isThrough, type Rules, type World } from './world.ts';
import { type Description, describeWorld } from './world-key.ts';

/** What an exploration of every reachable world found. */
export interface Exploration {
  readonly worlds: number;
  readonly moves: number;
  readonly ends: number;
  /** How the first problem is reached; empty if there is none. */
  readonly problem: readonly string[];
}

/** Explores breadth-first, so that the way to a problem is a shortest one. */
export function explore(start: World, rules: Rules): Exploration {
  const found = new Map<string, number>();
  const worlds: ({ readonly world: World; readonly says: Description } | undefined)[] = [];
  const ways: { readonly from: number; readonly name: string }[] = [];
  /** Pairs: from, to. Faults are left out, because they need not happen. */
  const edges: number[] = [];
  const ends: number[] = [];
  const note = (world: World, from: number, name: string): number => {
    const says = describeWorld(world);
    const known = found.get(says.key);
    if (known !== undefined) return known;
    const index = worlds.push({ world, says }) - 1;
    found.set(says.key, index);
    ways.push({ from, name });
    return index;
  };
  const result = (problem: readonly string[]) => ({
    worlds: worlds.length,
    moves: edges.length / 2,
    ends: ends.length,
    problem,
  });

  note(start, -1, 'start');
  for (let index = 0; index < worlds.length; index += 1) {
    const at = worlds[index];
    if (!at) continue;
    worlds[index] = undefined;
    const { world, says } = at;
    if (isEnd(world, rules)) ends.push(index);
    for (const move of movesOf(world, rules, says)) {
      let next: World;
      try {
        next = move.next();
      } catch (error) {
        return result([...wayTo(ways, index), move.name, String(error)]);
      }
      const to = note(next, index, move.name);
      if (!move.isFault) edges.push(index, to);
    }
  }
  const stuck = firstStuck(worlds.length, edges, ends);
  return result(stuck === undefined ? [] : [...wayTo(ways, stuck), 'from here the group never ends']);
}

function wayTo(ways: readonly { readonly from: number; readonly name: string }[], index: number): readonly string[] {
  const names: string[] = [];
  for (let at = index; at > 0; at = ways[at]?.from ?? 0) names.unshift(ways[at]?.name ?? '');
  return names;
}

/** The first world from which no end can be reached without further faults. */
function firstStuck(count: number, edges: readonly number[], ends: readonly number[]): number | undefined {
  const before: number[][] = Array.from({ length: count }, () => []);
  for (let at = 0; at < edges.length; at += 2) before[edges[at + 1] ?? 0]?.push(edges[at] ?? 0);
  const canEnd = new Uint8Array(count);
  const open = [...ends];
  for (const end of ends) canEnd[end] = 1;
  for (let world = open.pop(); world !== undefined; world = open.pop())
    for (const from of before[world] ?? []) {
      if (canEnd[from] === 1) continue;
      canEnd[from] = 1;
      open.push(from);
    }
  const stuck = canEnd.indexOf(0);
  return stuck === -1 ? undefined : stuck;
}

/** Every message has ended and the group flows, or the group is blocked by its head and says so. */
function isEnd(world: World, { messages }: Rules): boolean {
  const { group, endpoint } = world;
  const isQuiet = world.queue.length === 0 && world.workers.every((worker) => !worker) && world.commands.length === 0;
  if (!isQuiet || world.isChanged || world.looksAgain || world.due.length > 0) return false;
  if (endpoint === 'enabled' && world.accepted < messages) return false;
  const parked = world.parked.map(({ item }) => Number(item.messageId));
  const open = world.records.map((_, message) => message).filter((message) => !isThrough(world, message));
  if (!open.every((message) => parked.includes(message))) return false;
  if (!group) return parked.length === 0;
  if (endpoint === 'deleted') return false;
  // A head that was accepted beside the group does not block it for good.
  const isUsedUp = group.reason === 'exhausted' || group.reason === 'message-expired';
  if (isUsedUp && world.resent[Number(group.head)]) return false;
  return group.state === 'blocked' && (group.reason !== 'endpoint-disabled' || endpoint === 'disabled');
}
