/** An event that commits together with your own writes, or not at all. */
export interface OutboxEvent {
  /** The application that gets the event, by id (`app_…`) or uid. It must exist. */
  readonly application: string;
  /** The kind of event, such as `order.paid`. */
  readonly eventType: string;
  /**
   * What is sent: an object that becomes JSON, or the JSON text of an object, which is sent byte for byte. At most 384
   * KiB.
   */
  readonly payload: object | string;
  /** Events with the same key are accepted in the order in which their transactions committed. At most 2,048 bytes. */
  readonly orderingKey: string;
  /** Your own id of the event, unique within the application. A second event with it is set aside. */
  readonly eventId?: string | undefined;
  /** Up to ten channels, by which endpoints can filter. */
  readonly channels?: readonly string[] | undefined;
  /** Up to ten tags, by which messages can be listed. */
  readonly tags?: readonly string[] | undefined;
  /** The organisation of the application (`org_…`). Absent: the one that the installation was set up for. */
  readonly organisation?: string | undefined;
  /** The stage of the installation, which is part of the table's name. Absent: `POSTHORN_STAGE`, or else `local`. */
  readonly stage?: string | undefined;
}

/** The event breaks a rule. The message names every field that is wrong. Nothing was written. */
export class InvalidOutboxEvent extends Error {
  /** Such as `eventType must be …`. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The event cannot be put into the outbox: ${problems.join('; ')}`);
    this.name = 'InvalidOutboxEvent';
    this.problems = problems;
  }
}
