/** Returns `count` random bytes. An argument, so that tests can choose them. */
export type RandomBytes = (count: number) => Uint8Array;
