import type { MessagePlace } from '../rows/keys.ts';

/** Identifies one receive of a message. */
export interface Receipt extends MessagePlace {
  readonly receives: number;
}

export const toReceiptHandle = ({ sequence, receives, group }: Receipt): string =>
  `${sequence.toString(36)}.${receives.toString(36)}.${group}`;

/** Returns nothing if the text is not a receipt handle. */
export function parseReceiptHandle(handle: string): Receipt | undefined {
  const [, sequence, receives, group] = /^([0-9a-z]{1,11})\.([0-9a-z]{1,7})\.(\S*)$/.exec(handle) ?? [];
  if (sequence === undefined || receives === undefined || group === undefined) return undefined;
  return { sequence: Number.parseInt(sequence, 36), receives: Number.parseInt(receives, 36), group };
}
