import type { SlotRequest } from './slot-line.ts';

/** What has a line of slots. */
export interface Throttled {
  /**
   * `endpoint`: deliveries get into this line first. `application`: all of an application. `sends`: sends to an endpoint
   * that also waited for its application. `slow`: attempts at the slow destinations of an application.
   */
  readonly line: 'slow' | 'endpoint' | 'application' | 'sends';
  /** Of the endpoint or of the application. */
  readonly id: string;
}

/** Stores the lines of throttled endpoints and applications. */
export interface ThrottleRepository {
  /** Reserves slots, whoever else does. Returns the time of the first one, in microseconds since 1970. */
  reserve(throttled: Throttled, request: SlotRequest): Promise<number>;
}
