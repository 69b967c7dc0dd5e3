/** The attempts of an application in the window of a task. */
export interface ApplicationAttempts {
  readonly applicationId: string;
  readonly uid?: string;
  readonly attempts: number;
}

/** The event types that the endpoints of an application ask for. */
export interface ApplicationSubscriptions {
  readonly applicationId: string;
  /** Named by at least one endpoint, sorted. */
  readonly eventTypes: readonly string[];
  /** Whether an endpoint gets all event types. */
  readonly hasCatchAll: boolean;
}

/** A part of the result of a task that counts or lists. */
export type TaskResultEntry = ApplicationAttempts | ApplicationSubscriptions;

/** A result must fit into an answer of the API. In a Lambda function's answer each quote takes one more byte. */
export const maxResultBytes = 4_000_000;
