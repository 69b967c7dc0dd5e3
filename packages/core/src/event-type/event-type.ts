/** A kind of event that an organisation declares, so that endpoints can ask for it by name. */
export interface EventType extends EventTypeContent {
  readonly organisationId: string;
  readonly name: string;
  /** Names the request that created it, so that its repetition is recognised. Absent if a replacement created it. */
  readonly creation?: string;
  /** Counts the changes, starting at 1. It is 0 for a row that was stored before changes were counted. */
  readonly revision: number;
  /** Whether messages must fit its newest schema. Absent: as the organisation says. */
  readonly enforced?: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The part of an event type that its organisation decides. */
export interface EventTypeContent {
  readonly description: string;
  readonly archived: boolean;
  readonly deprecated: boolean;
  /** Version to JSON Schema, as given. */
  readonly schemas?: Readonly<Record<string, unknown>>;
  /** An application sees the event type if its token holds one of these. If there are none, every application sees it. */
  readonly featureFlags: readonly string[];
  readonly groupName?: string;
}

/**
 * Whether a reader sees an event type.
 *
 * @param heldFlags - the feature flags of the reader's token; undefined for the organisation, which sees everything
 */
export const isShownWith = (
  heldFlags: readonly string[] | undefined,
  { featureFlags }: Pick<EventType, 'featureFlags'>,
): boolean =>
  heldFlags === undefined || featureFlags.length === 0 || featureFlags.some((flag) => heldFlags.includes(flag));
