/** Elements with a time, found when it has come. Times are rounded up to `resolutionMs`. */
export interface Deadlines<Element> {
  add(at: number, element: Element): void;
  remove(element: Element): void;
  /** Removes the elements whose time has come, earliest first. */
  takeDue(now: number): readonly Element[];
  /** The earliest time, or one before it. */
  next(): number | undefined;
}

const resolutionMs = 20;

export function createDeadlines<Element>(): Deadlines<Element> {
  const slots = new Map<number, Set<Element>>();
  const slotOf = new Map<Element, number>();
  /** The numbers of the slots, in order. Some may be empty. */
  let order: number[] = [];

  const dropEmpty = (): void => {
    let empty = 0;
    while (empty < order.length && !slots.has(order[empty] ?? 0)) empty += 1;
    if (empty > 0) order = order.slice(empty);
  };

  const remove = (element: Element): void => {
    const slot = slotOf.get(element);
    if (slot === undefined) return;
    slotOf.delete(element);
    const elements = slots.get(slot);
    elements?.delete(element);
    if (elements?.size === 0) slots.delete(slot);
  };

  return {
    remove,
    add(at, element) {
      remove(element);
      const slot = Math.ceil(at / resolutionMs);
      const elements = slots.get(slot);
      if (elements === undefined) {
        slots.set(slot, new Set([element]));
        insert(order, slot);
      } else elements.add(element);
      slotOf.set(element, slot);
    },
    takeDue(now) {
      const due: Element[] = [];
      dropEmpty();
      while (order.length > 0 && (order[0] ?? 0) * resolutionMs <= now) {
        const elements = [...(slots.get(order[0] ?? 0) ?? [])];
        for (const element of elements) remove(element);
        due.push(...elements);
        dropEmpty();
      }
      return due;
    },
    next() {
      dropEmpty();
      return order[0] === undefined ? undefined : order[0] * resolutionMs;
    },
  };
}

function insert(order: number[], slot: number): void {
  let low = 0;
  let high = order.length;
  // Most are later than all others.
  if (high === 0 || (order[high - 1] ?? 0) < slot) return void order.push(slot);
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((order[middle] ?? 0) < slot) low = middle + 1;
    else high = middle;
  }
  if (order[low] !== slot) order.splice(low, 0, slot);
}
