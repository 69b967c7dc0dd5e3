import type { MessagePlace } from '../rows/keys.ts';
import type { Flight } from './state.ts';

/** A message as a take's row remembers it. */
export interface TakenPlace extends MessagePlace {
  readonly receives: number;
  readonly firstReceivedAt: number;
}

/** No name of a group contains a space. */
export const toTakeRow = (flights: readonly Flight[]): string =>
  flights
    .map(({ message }) => `${message.group} ${message.sequence} ${message.receives} ${message.extras?.firstReceivedAt}`)
    .join('\n');

export const parseTakeRow = (row: string): readonly TakenPlace[] =>
  row.split('\n').map((line) => {
    const [group = '', sequence, receives, firstReceivedAt] = line.split(' ');
    return {
      group,
      sequence: Number(sequence),
      receives: Number(receives),
      firstReceivedAt: Number(firstReceivedAt),
    };
  });
