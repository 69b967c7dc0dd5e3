/** A program that has nothing else to do may end before this timer. */
export function unreferenced<T extends ReturnType<typeof setTimeout>>(timer: T): T {
  // Outside Node.js a timer is a number.
  timer.unref?.();
  return timer;
}
