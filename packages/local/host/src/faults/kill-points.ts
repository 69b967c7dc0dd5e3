import type { PlannedKill, Point } from './fault-plan.ts';

/** Must be called at each point that is reached. It does not return if the process is to die there. */
export type Reach = (point: Point) => void;

export interface KillDeps {
  /** How many of the kills happened in earlier processes. */
  readonly done: number;
  readonly die: (step: string) => void;
}

/** Kills the process at the first of the kills that has not happened yet. */
export function createKillPoints(kills: readonly PlannedKill[], { done, die }: KillDeps): Reach {
  const next = kills[done];
  let reached = 0;
  return (point) => {
    if (next === undefined || !matches(next.point, point)) return;
    reached += 1;
    if (reached === next.nth) die(next.step);
  };
}

const matches = (wanted: Point, { gate, when, function: key, operation, target, row }: Point): boolean =>
  wanted.gate === gate &&
  wanted.when === when &&
  (wanted.function === undefined || wanted.function === key) &&
  (wanted.operation === undefined || wanted.operation === operation) &&
  isAmong(wanted.row, row) &&
  isAmong(wanted.target, target);

const isAmong = (wanted: string | undefined, list = ''): boolean =>
  wanted === undefined || list.split(',').includes(wanted);
