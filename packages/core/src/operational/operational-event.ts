/** The types of operational webhooks. Their names are those of Svix. */
export const operationalEventTypes = [
  'background_task.finished',
  'endpoint.created',
  'endpoint.deleted',
  'endpoint.disabled',
  'endpoint.enabled',
  'endpoint.updated',
  'message.attempt.exhausted',
  'message.attempt.failing',
  'message.attempt.recovered',
] as const;
export type OperationalEventType = (typeof operationalEventTypes)[number];

/** Something that an organisation is told about, if it has an operational endpoint that asks for it. */
export interface OperationalEvent {
  readonly organisationId: string;
  readonly eventType: OperationalEventType;
  /** Names the change that it follows from. A change that is read again has the same source and time. */
  readonly source: readonly string[];
  readonly at: Date;
  /** The application that it is about, if it is about one. The body has its id and uid. */
  readonly applicationId?: string;
  /** The rest of the body's `data`. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * The body of an operational webhook.
 *
 * @param applicationUid - of the application that the event is about, if it has one
 */
export function toOperationalBody(event: OperationalEvent, applicationUid: string | undefined): string {
  const { eventType: type, applicationId, data } = event;
  if (applicationId === undefined) return JSON.stringify({ type, data });
  return JSON.stringify({ type, data: { appId: applicationId, appUid: applicationUid ?? null, ...data } });
}
