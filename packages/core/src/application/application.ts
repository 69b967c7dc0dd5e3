/** Whom an organisation sends to: one of its customers, with endpoints of its own. */
export interface Application {
  readonly organisationId: string;
  readonly applicationId: string;
  readonly uid?: string;
  readonly name: string;
  /** Stored and shown; not enforced yet. Messages per second. */
  readonly throttleRate?: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What accepting a message needs to know of its application. */
export interface AcceptingApplication {
  readonly organisationId: string;
  readonly applicationId: string;
  readonly placement: MessagePlacement;
}

/**
 * Where an application's messages are written: `ordered` under one partition key, whose stream keeps the order of
 * acceptance (an application with a FIFO endpoint), or `sharded` over many, for throughput.
 */
export type MessagePlacement = 'ordered' | 'sharded';
