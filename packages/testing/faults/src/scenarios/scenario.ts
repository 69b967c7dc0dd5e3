import type { Event } from '../history/event.ts';

/** Prints one line of progress. */
export type Say = (line: string) => void;

export interface Run {
  readonly seed: number;
  /** How many messages the scenario posts at least. */
  readonly messages: number;
  readonly say: Say;
}

export interface Scenario {
  readonly name: string;
  /** What happens in it, in one line. */
  readonly about: string;
  /** Runs it until everything has been delivered and counted, or nothing more happens. @returns what was observed */
  run(run: Run): Promise<readonly Event[]>;
}
