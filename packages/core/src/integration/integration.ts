/** Another system that acts for an application, with a key of its own. */
export interface Integration {
  readonly organisationId: string;
  readonly applicationId: string;
  readonly integrationId: string;
  readonly name: string;
  /** The event types with one of these flags are shown to it too. */
  readonly featureFlags: readonly string[];
  /** The id of its only valid key. Absent until one was made. */
  readonly keyId?: string;
  readonly keyMadeAt?: Date;
  /** The ids of its last keys that are not valid any more: a repeated request must not bring one back. */
  readonly endedKeyIds?: readonly string[];
  /** Counts the changes, starting at 1. */
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
