/** A customer of an organisation, with endpoints of its own. */
export interface Application {
  readonly organisationId: string;
  readonly applicationId: string;
  readonly uid?: string;
  readonly name: string;
  /** Attempts a second, at most, at all of its endpoints together. */
  readonly throttleRate?: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** Counts the changes, starting at 1. An update is refused if the revision is no longer the one that it read. */
  readonly revision: number;
  /** Since when its messages are written in one order; absent when it has no endpoint in FIFO mode, and no one polls it. */
  readonly orderedAt?: Date;
  /** Counts how often something has asked for the order. Absent if nothing has. */
  readonly orderStarts?: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The part of an application that its owner decides. */
export type ApplicationContent = Pick<Application, 'uid' | 'name' | 'throttleRate' | 'metadata'>;

/** What accepting a message needs to know of its application. */
export type AcceptingApplication = Pick<
  Application,
  'organisationId' | 'applicationId' | 'uid' | 'orderedAt' | 'orderStarts'
>;
