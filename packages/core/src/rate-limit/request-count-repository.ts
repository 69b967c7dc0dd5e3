/** One second of one caller. */
export interface CountedSecond {
  readonly caller: string;
  /** Seconds since 1970. */
  readonly second: number;
}

/** Counts the requests of callers, by the second. */
export interface RequestCountRepository {
  /** Adds requests, whoever else does. Returns how many there are then. */
  add(counted: CountedSecond, requests: number): Promise<number>;
}
