import type { EventTypePatch } from '@posthorn/contracts/api/event-type';
import { resolveAlias } from '@posthorn/core/alias/resolve-alias';

type Flags = readonly string[];

/**
 * The feature flags that a request gives under either of their names: `featureFlags`, or `featureFlag` for the first of
 * them. Null clears them, undefined leaves them as they are. An empty list means the same as null.
 *
 * @param stored - the flags before the request; undefined if the event type is new
 * @throws ValidationError if both names have different new values
 */
export function readFeatureFlags(
  { featureFlag, featureFlags }: Pick<EventTypePatch, 'featureFlag' | 'featureFlags'>,
  stored: Flags | undefined,
): Flags | null | undefined {
  const given = featureFlags?.length === 0 ? null : featureFlags && [...new Set(featureFlags)];
  const input = {
    featureFlags: given,
    featureFlag: featureFlag == null ? featureFlag : asList(featureFlag, given, stored),
  };
  return resolveAlias<keyof typeof input, Flags>(input, { names: ['featureFlags', 'featureFlag'], stored, isSame });
}

/** Beside a list, the first flag of the list, or of the stored one, stands for the whole list. */
const asList = (flag: string, given: Flags | null | undefined, stored: Flags | undefined): Flags =>
  (given && [given, stored].find((flags) => flags?.[0] === flag)) ?? [flag];

const isSame = (one: Flags, other: Flags): boolean =>
  one.length === other.length && one.every((flag) => other.includes(flag));
