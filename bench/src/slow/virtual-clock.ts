/** Events in the order of their times. Time jumps from one to the next. */
export interface VirtualClock {
  /** Milliseconds since the start. */
  now(): number;
  at(time: number, run: () => void): void;
  /** Runs all events up to a time. */
  runUntil(time: number): void;
}

interface Event {
  readonly time: number;
  /** Events of one time run in the order in which they were added. */
  readonly order: number;
  readonly run: () => void;
}

export function createVirtualClock(): VirtualClock {
  const heap: Event[] = [];
  let now = 0;
  let added = 0;
  return {
    now: () => now,
    at(time, run) {
      push(heap, { time: Math.max(now, time), order: added, run });
      added += 1;
    },
    runUntil(end) {
      for (let next = heap[0]; next !== undefined && next.time <= end; next = heap[0]) {
        pop(heap);
        now = next.time;
        next.run();
      }
      now = end;
    },
  };
}

const isBefore = (one: Event, other: Event): boolean =>
  one.time < other.time || (one.time === other.time && one.order < other.order);

function push(heap: Event[], event: Event): void {
  let index = heap.push(event) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !isBefore(event, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]];
    const isRight = left !== undefined && right !== undefined && isBefore(right, left);
    const child = isRight ? right : left;
    if (child === undefined || !isBefore(child, last)) break;
    heap[index] = child;
    index = 2 * index + (isRight ? 2 : 1);
  }
  heap[index] = last;
}
