import type { AcceptingApplication, Application } from '../application/application.ts';
import type { LogPosition } from './message-log.ts';

/** A consumer of a sink: its name, in an application. */
export interface ConsumerKey {
  readonly applicationId: string;
  readonly sink: string;
  readonly consumer: string;
}

/** What a consumer has acknowledged. */
export interface ConsumerState {
  /** Everything up to here. */
  readonly position: LogPosition;
  /** Counts how often the position was set by `seek`. An iterator of another generation acknowledges nothing. */
  readonly generation: number;
  readonly expiresAt: Date;
}

/** That the log of an application is kept. */
export interface LogKeeping {
  /** Until when fan-out writes it without being asked again. */
  readonly until: Date;
  /** Whether all messages are in order since it was asked for. Until then, some may be missing in the log. */
  readonly isComplete: boolean;
}

/** The application of a request to poll, and what is known about it. */
export interface PollState {
  /** Absent if there is no such application. */
  readonly application?: AcceptingApplication;
  /** Absent if no one polls. */
  readonly log?: LogKeeping;
  /** Absent if the consumer has acknowledged nothing, or is forgotten. */
  readonly consumer?: ConsumerState;
}

/** Which application to look for: by its id, and a consumer of it. */
export interface PollStateRequest {
  readonly organisationId: string;
  readonly applicationId: string;
  readonly consumer?: Pick<ConsumerKey, 'sink' | 'consumer'>;
}

/** Stores who polls. A read sees every write that returned before it began. */
export interface PollStateRepository {
  /** The id of the application that has the uid. */
  findIdOfUid(organisationId: string, uid: string): Promise<string | undefined>;
  /** One read request. */
  find(request: PollStateRequest): Promise<PollState>;
  /** From now on, fan-out writes the log of the application, until some time after `until`. */
  keepLog(application: Pick<Application, 'organisationId' | 'applicationId'>, log: LogKeeping): Promise<void>;
  /** Whether anyone polls the application, or has polled it not long ago. */
  keepsLog(applicationId: string): Promise<boolean>;
  /**
   * Moves a consumer forward. `refused`: it is there already or further, or it was set to another position since the
   * generation. A consumer that has no row gets one.
   */
  acknowledge(key: ConsumerKey, next: ConsumerState): Promise<'acknowledged' | 'refused'>;
  /** Sets a consumer to a position, forward or back. Returns the new generation. */
  seek(key: ConsumerKey, next: Omit<ConsumerState, 'generation'>): Promise<number>;
  /** Keeps the row of a consumer for longer. Does nothing if there is none. */
  keepConsumer(key: ConsumerKey, until: Date): Promise<void>;
}
