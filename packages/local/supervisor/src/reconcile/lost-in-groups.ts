import type { ListedMessage } from '@posthorn/core';
import type { ReconciledEndpoint } from './judge-message.ts';

/** A message without a trace at a destination. */
export interface LostInGroup {
  readonly message: ListedMessage;
  readonly endpoint: ReconciledEndpoint;
  readonly group: string;
}

/** Collects what is lost at the destinations of an application, while its messages are gone through in their order. */
export interface LostInGroups {
  /** A message has no trace at a destination. */
  lost(one: LostInGroup): void;
  /**
   * A later message of a group has one: its group has gone on. Returns what was lost before it, and cannot come in its
   * place any more.
   */
  wentOn(endpointId: string, group: string): readonly LostInGroup[];
  /** What can still come in its place, in order. */
  inPlace(): readonly LostInGroup[];
  /** Whether a destination has lost anything that can still come in its place. */
  waits(endpointId: string): boolean;
}

export function createLostInGroups(): LostInGroups {
  const byEndpoint = new Map<string, Map<string, LostInGroup[]>>();
  return {
    lost: (one) => {
      const groups = byEndpoint.get(one.endpoint.endpointId) ?? new Map<string, LostInGroup[]>();
      byEndpoint.set(one.endpoint.endpointId, groups);
      const lost = groups.get(one.group);
      if (lost) lost.push(one);
      else groups.set(one.group, [one]);
    },
    wentOn: (endpointId, group) => {
      const groups = byEndpoint.get(endpointId);
      const before = groups?.get(group) ?? [];
      groups?.delete(group);
      return before;
    },
    inPlace: () =>
      [...byEndpoint.values()]
        .flatMap((groups) => [...groups.values()].flat())
        .toSorted((one, other) => (one.message.messageId < other.message.messageId ? -1 : 1)),
    waits: (endpointId) => (byEndpoint.get(endpointId)?.size ?? 0) > 0,
  };
}
