import type { ApplicationCounts } from '../counters/tally.ts';
import type { Health } from '../health/judge-health.ts';

/** The numbers of one application. */
export interface ApplicationStatus extends Readonly<ApplicationCounts> {
  readonly id: string;
  /** Deliveries that wait for their next attempt after a failed one. */
  readonly failing: number;
  /** Deliveries on the queues, those that are being sent too. */
  readonly waiting: number;
  readonly oldestWaitingSeconds?: number;
}

/** What `GET /status` of the control endpoint answers. */
export interface SystemStatus {
  readonly health: Health;
  /** When the process was started, as ISO 8601. The counts begin there. */
  readonly startedAt: string;
  /** How often it died and was started again. */
  readonly restarts: number;
  readonly counts: Readonly<ApplicationCounts>;
  /** Deliveries that wait for their next attempt after a failed one. */
  readonly failing: number;
  /** Endpoints that keep failing, so that their deliveries are held. */
  readonly openBreakers: number;
  /** Entries on the queues. Absent if the queues are at another endpoint. */
  readonly queues?: {
    readonly waiting: number;
    readonly inFlight: number;
    readonly oldestWaitingSeconds?: number;
    readonly deadLetters: number;
  };
  readonly fanOutBehindSeconds: number;
  /** There is more than was read: some numbers are too low. */
  readonly isPartial: boolean;
  /** Only if they were asked for. */
  readonly applications?: readonly ApplicationStatus[];
}
