/**
 * The line of a limit: sends at `rate` a second, evenly spaced (the "generic cell rate algorithm"). Only the next free
 * slot is stored. Times are in microseconds since 1970: at 65,535 a second, slots are 15 µs apart.
 */
export interface SlotLine {
  readonly nextFree: number;
  /** Slots a second. */
  readonly rate: number;
}

/** Slots that are to be reserved, one after the other. */
export interface SlotRequest {
  readonly rate: number;
  readonly count: number;
  /** No slot before this time, in microseconds. */
  readonly from: number;
}

/** Time between two slots, in microseconds. */
export const spacingOf = (rate: number): number => Math.round(1_000_000 / rate);

/** Whether a line is used up to a time behind `from`, at the same rate. Otherwise it starts anew at `from`. */
const runsAhead = (line: SlotLine | undefined, { rate, from }: SlotRequest): line is SlotLine =>
  line !== undefined && line.rate === rate && line.nextFree > from;

/** Reserves slots. Returns the time of the first one, and the line behind the last one. */
export function reserveSlots(line: SlotLine | undefined, request: SlotRequest) {
  const first = runsAhead(line, request) ? line.nextFree : request.from;
  return { first, line: { nextFree: first + request.count * spacingOf(request.rate), rate: request.rate } };
}
