/** A delivery on a queue. */
export interface Job {
  readonly application: string;
  readonly endpoint: SimulatedEndpoint;
  /** When the message was accepted, in milliseconds since the start. */
  readonly acceptedAt: number;
  readonly attemptNumber: number;
  /** The one attempt that finds out whether the endpoint has recovered. */
  readonly isProbe?: boolean;
}

export interface SimulatedEndpoint {
  readonly name: string;
  /** Absent: it answers in about 0.1 s. */
  readonly answerMs?: number;
}
