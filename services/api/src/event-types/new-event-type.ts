import type { EventType, EventTypeContent } from '@posthorn/core';

interface NewEventType {
  readonly organisationId: string;
  readonly name: string;
  readonly creation?: string;
  readonly content: EventTypeContent;
  readonly now: Date;
}

/** The content of an event type that says nothing. */
export const emptyContent: EventTypeContent = { description: '', archived: false, deprecated: false, featureFlags: [] };

/** An event type that did not exist before. */
export const newEventType = ({ content, now, ...own }: NewEventType): EventType => ({
  ...own,
  ...content,
  revision: 1,
  createdAt: now,
  updatedAt: now,
});
