import type { EventTypePatch, EventTypeUpsert } from '@posthorn/contracts/api/event-type';
import type { EventTypeContent } from '@posthorn/core';
import { readFeatureFlags } from './feature-flags.ts';

/**
 * The content that a request gives an event type; what is absent is cleared.
 *
 * @param stored - the event type before the request, if there is one: it decides between two names of one field
 */
export function eventTypeContent(
  input: EventTypeUpsert,
  stored?: Pick<EventTypeContent, 'featureFlags'>,
): EventTypeContent {
  const { description, archived, deprecated, schemas, groupName } = input;
  return {
    description,
    archived: archived ?? false,
    deprecated: deprecated ?? false,
    featureFlags: readFeatureFlags(input, stored?.featureFlags) ?? [],
    ...(schemas == null ? {} : { schemas }),
    ...(groupName == null ? {} : { groupName }),
  };
}

/**
 * The content after a change of the given fields.
 *
 * @param first - the event type that decides between two names of one field
 */
export function patchedContent(
  current: EventTypeContent,
  patch: EventTypePatch,
  first: Pick<EventTypeContent, 'featureFlags'>,
): EventTypeContent {
  const { schemas = current.schemas, groupName = current.groupName } = patch;
  const featureFlags = readFeatureFlags(patch, first.featureFlags);
  return {
    description: patch.description ?? current.description,
    archived: patch.archived ?? current.archived,
    deprecated: patch.deprecated ?? current.deprecated,
    featureFlags: featureFlags === undefined ? current.featureFlags : (featureFlags ?? []),
    ...(schemas == null ? {} : { schemas }),
    ...(groupName == null ? {} : { groupName }),
  };
}
