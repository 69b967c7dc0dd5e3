/** Chance, as an argument: as many random bytes as asked for. */
export type RandomBytes = (count: number) => Uint8Array;
