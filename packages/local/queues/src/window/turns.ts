/** An element of `Turns`. Only `Turns` changes these fields. */
export interface Turn<Element> {
  next?: Element | undefined;
  previous?: Element | undefined;
  inTurn: boolean;
}

/** A list in which elements wait for their turn. All functions take constant time. */
export interface Turns<Element> {
  readonly first: () => Element | undefined;
  readonly last: () => Element | undefined;
  append(element: Element): void;
  remove(element: Element): void;
}

export function createTurns<Element extends Turn<Element>>(): Turns<Element> {
  let first: Element | undefined;
  let last: Element | undefined;
  return {
    first: () => first,
    last: () => last,
    append(element) {
      if (element.inTurn) return;
      element.inTurn = true;
      element.previous = last;
      element.next = undefined;
      if (last === undefined) first = element;
      else last.next = element;
      last = element;
    },
    remove(element) {
      if (!element.inTurn) return;
      element.inTurn = false;
      if (element.previous === undefined) first = element.next;
      else element.previous.next = element.next;
      if (element.next === undefined) last = element.previous;
      else element.next.previous = element.previous;
      element.next = undefined;
      element.previous = undefined;
    },
  };
}
