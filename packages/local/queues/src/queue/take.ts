import { keys } from '../rows/keys.ts';
import type { Message } from '../rows/message-row.ts';
import type { Group } from '../window/group.ts';
import { deadLettersFor, drop, isDead, moveToDeadLetters } from './dead-letters.ts';
import { moveDue } from './delayed.ts';
import { releaseExpired } from './settle.ts';
import { type Flight, type QueueState, type Take, visibilityMsOf } from './state.ts';
import { toTakeRow } from './take-row.ts';

export interface TakeOptions {
  readonly count: number;
  /** Is asked for the next message of a group. If it returns false, the group is left for a later take. */
  readonly mayTake?: ((message: { groupId: string | undefined; body: string }) => boolean) | undefined;
  /** The queue's visibility timeout if absent. */
  readonly visibilityMs?: number | undefined;
}

/** A take reads at most so many portions of the groups that are not in memory. */
const maxDiscoveries = 16;
/** If that was not enough, consumers are told to look again after this pause. */
const lookAgainMs = 50;

/**
 * Takes messages of the groups in turn. Their receive counts are durable before this resolves: a message that kills the
 * process is counted.
 */
export async function take(queue: QueueState, options: TakeOptions): Promise<readonly Message[]> {
  const { availability } = queue;
  const mark = availability.mark();
  queue.window.explore();
  await Promise.all([releaseExpired(queue), moveDue(queue)]);
  const picking: Picking = { ...options, picked: [], flights: [], own: [], denied: new Set() };
  try {
    await pickAll(queue, picking);
    await commitTake(queue, picking);
  } catch (error) {
    for (const [index, flight] of picking.flights.entries()) giveBack(queue, flight, picking.picked[index]);
    throw error;
  }
  if (picking.picked.length < options.count) availability.exhausted(mark);
  return picking.picked;
}

/** What one take has found so far. */
interface Picking extends TakeOptions {
  readonly picked: Message[];
  readonly flights: Flight[];
  /** Groups of a FIFO queue that this take has taken from. Only it may go on with them. */
  readonly own: Group[];
  readonly denied: Set<Group>;
}

async function pickAll(queue: QueueState, picking: Picking): Promise<void> {
  const { window, availability } = queue;
  for (let discoveries = 0; picking.picked.length < picking.count; ) {
    const before = picking.picked.length;
    // A group that is being loaded keeps its turn.
    if (pickOneEach(queue, picking)) await window.loaded();
    else if (picking.picked.length === before) {
      if (discoveries === maxDiscoveries) return void setTimeout(availability.signal, lookAgainMs).unref();
      discoveries += 1;
      if (!(await window.discover(picking.denied))) return;
    }
  }
}

/**
 * Takes one message of each group, in turn. On a FIFO queue other groups go before more of the same group. Returns true
 * if a group is being loaded.
 */
function pickOneEach(queue: QueueState, picking: Picking): boolean {
  const { turns } = queue.window;
  const isFull = (): boolean => picking.picked.length >= picking.count;
  const before = picking.picked.length;
  let isLoading = false;
  const last = turns.last();
  for (let group = turns.first(); group !== undefined && !isFull(); ) {
    const next = group === last ? undefined : group.next;
    isLoading = visit(queue, picking, group) || isLoading;
    group = next;
  }
  if (picking.picked.length > before) return isLoading;
  for (const group of [...picking.own]) if (!isFull()) isLoading = visit(queue, picking, group) || isLoading;
  return isLoading;
}

/** Takes the first message of a group. Returns true if the group is being loaded. */
function visit(queue: QueueState, picking: Picking, group: Group): boolean {
  const { window } = queue;
  if (picking.denied.has(group)) return false;
  for (let message = group.waiting[0]; message !== undefined; message = group.waiting[0]) {
    if (isDead(queue, message)) {
      window.shift(group);
      drop(queue, group, message);
      continue;
    }
    if (picking.mayTake?.({ groupId: message.group || undefined, body: message.body }) === false) {
      picking.denied.add(group);
      return false;
    }
    const deadLetters = deadLettersFor(queue, message);
    if (deadLetters === undefined) {
      takeFirst(queue, picking, group, message);
      return false;
    }
    window.shift(group);
    moveToDeadLetters(queue, deadLetters, group, message);
    // The rest of a FIFO group waits until the message has gone.
    if (queue.fifo) return false;
  }
  if (group.more) window.load(group);
  return group.loading !== undefined;
}

function takeFirst(queue: QueueState, picking: Picking, group: Group, message: Message): void {
  const { window, flights } = queue;
  const now = queue.now();
  const taken = {
    ...message,
    receives: message.receives + 1,
    extras: { ...message.extras, firstReceivedAt: message.extras?.firstReceivedAt ?? now },
  };
  const { body: _, ...rest } = taken;
  const flight: Flight = { message: rest, group, take: undefined, status: 'settling' };
  flights.set(message.sequence, flight);
  window.shift(group);
  if (!queue.fifo) window.toEnd(group);
  else if (!picking.own.includes(group)) picking.own.push(group);
  picking.picked.push(taken);
  picking.flights.push(flight);
}

/** Makes the receive counts durable. A batch needs one row, which is deleted when all its messages are settled. */
async function commitTake(queue: QueueState, { flights, visibilityMs }: Picking): Promise<void> {
  if (flights.length === 0) return;
  queue.takes += 1;
  const take: Take = { key: keys.take(queue.id, queue.takes), open: flights.length };
  await queue.storage.commit([{ type: 'put', key: take.key, value: toTakeRow(flights) }], { essential: true });
  const until = queue.now() + (visibilityMs ?? visibilityMsOf(queue));
  for (const flight of flights) {
    flight.take = take;
    flight.status = 'out';
    queue.deadlines.add(until, flight);
  }
  queue.schedule();
}

function giveBack({ flights, window }: QueueState, { message, group }: Flight, taken: Message | undefined): void {
  flights.delete(message.sequence);
  if (taken !== undefined) window.returned(group, { ...taken, receives: taken.receives - 1 });
}
