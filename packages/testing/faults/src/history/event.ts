import type { DeliveryState } from '@posthorn/core';
import type { JournalEntry } from '@posthorn/local-host/faults/journal';

/**
 * What was observed in a run. Times are milliseconds since 1970 by a clock that no test moves. Each observer appends its
 * own events, and the checker reads them all.
 */
export type Event =
  | Subscribed
  | Accepted
  | Received
  | Recorded
  | Waiting
  | DeadLetter
  | Counted
  | Killed
  | Fault
  | Planned
  | WorkBegan
  | WorkEnded
  | Enqueued
  | Sent
  | RecordPut
  | Longest
  | MostRead
  | Memory
  | Off
  | Asked;

/** What is known of the end of deliveries to an endpoint. */
export type Expectation =
  /** It accepts each message in the end. */
  | 'accepts'
  /** It does not accept some messages. Each is accepted, or its delivery ends with an attempt or is stored as ended. */
  | 'accepts-or-ends'
  /** People disable and enable it. What was fanned out while it was on is accepted in the end. */
  | 'accepts-while-on'
  /** People delete it. Each delivery is accepted, or ends with an attempt, or is canceled. */
  | 'is-deleted'
  /** It accepts nothing: each delivery ends with its last attempt, or waits until the endpoint is back. */
  | 'never-accepts'
  /** It is disabled by an answer, at any time. Each delivery ends with an attempt, or is canceled. */
  | 'is-disabled';

/** Client: an endpoint exists before any message is posted. */
export interface Subscribed {
  readonly kind: 'subscribed';
  readonly applicationId: string;
  readonly endpointId: string;
  /** The path of its requests at the receiver. */
  readonly path: string;
  /** `key`: messages with the same key are delivered in the order of acceptance. `all`: all messages are. */
  readonly order: 'none' | 'key' | 'all';
  /** Of a destination: whether a group goes on without a message whose attempts are used up. Default: `block`. */
  readonly onExhausted?: 'block' | 'skip';
  /** Its limit of requests a second. */
  readonly perSecond?: number;
  readonly expects: Expectation;
}

/** Client: a message was accepted. It was posted at `postedAt`, and the answer came at `at`. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly at: number;
  readonly postedAt: number;
  readonly applicationId: string;
  readonly messageId: string;
  readonly key: string;
  /** The digest of its body. */
  readonly digest: string;
}

/** Receiver: a request. It began at `at`, and the receiver had answered, or lost the connection, at `endedAt`. */
export interface Received {
  readonly kind: 'received';
  readonly at: number;
  readonly endedAt: number;
  /** Its number among all requests of the run, by the time of arrival. */
  readonly order: number;
  readonly path: string;
  readonly messageId: string;
  /** `webhook-timestamp`: seconds by the sender's clock, at the time of the attempt. */
  readonly timestamp: number;
  readonly digest: string;
  readonly connection: number;
  /** `lost`: the receiver gave no answer, or broke the connection before the end of its answer. */
  readonly answer: 'accepted' | 'refused' | 'lost';
}

/** Store: the record of an attempt. */
export interface Recorded {
  readonly kind: 'recorded';
  readonly endpointId: string;
  readonly messageId: string;
  readonly attemptId: string;
  readonly attemptNumber: number;
  /** `manual`: someone asked for this one attempt. */
  readonly trigger: 'scheduled' | 'manual';
  readonly status: 'succeeded' | 'failed';
  /** 0 if there was no answer. */
  readonly statusCode: number;
  /** `webhook-timestamp` of its request. */
  readonly timestamp: number;
  readonly durationMs: number;
  /** The kind of the step that the attempt led to. */
  readonly next: string;
}

/** Store: the row of a delivery that waits, or that has ended without success. */
export interface Waiting {
  readonly kind: 'waiting';
  readonly endpointId: string;
  readonly messageId: string;
  readonly state: DeliveryState;
  readonly reason: string;
}

/** Queue: a job that was set aside. */
export interface DeadLetter {
  readonly kind: 'dead-letter';
  readonly endpointId: string;
  readonly messageId: string;
  readonly reason: string;
}

/** Store: the statistics of an endpoint at the end. */
export interface Counted {
  readonly kind: 'counted';
  readonly endpointId: string;
  readonly success: number;
  readonly fail: number;
}

/** Host or test: a process was killed at a named step. */
export interface Killed {
  readonly kind: 'killed';
  readonly at: number;
  readonly step: string;
}

/** Host or store: a fault happened that the plan asks for, other than a kill. */
export interface Fault {
  readonly kind: 'fault';
  /** Its name, as in what is planned: `tables: throttle`. */
  readonly fault: string;
}

/** Test: a fault must happen at least this often, or the run has shown nothing. A kill is named `kill: ` and its step. */
export interface Planned {
  readonly kind: 'planned';
  readonly fault: string;
  readonly least: number;
}

type Journaled<Kind extends JournalEntry['kind']> = Extract<JournalEntry, { readonly kind: Kind }>;

/** Host: a worker got jobs of a queue. */
export type WorkBegan = Journaled<'work-began'>;
/** Host: that worker was through with them. There is none if its process died. */
export type WorkEnded = Journaled<'work-ended'>;
/** Host: a job for a delivery was put on a queue. */
export type Enqueued = Journaled<'enqueued'>;
/** Host: a worker begins a request. */
export type Sent = Journaled<'sent'>;
/** Host: a worker put the record of an attempt. */
export type RecordPut = Journaled<'record-put'>;
/** Host: the longest answer of which it read anything. */
export type MostRead = Journaled<'most-read'>;

/** Host: the longest invocation of a function. */
export interface Longest {
  readonly kind: 'longest';
  readonly function: string;
  readonly ms: number;
  readonly limitMs: number;
}

/** Test: the most memory that a process of the system has had, in bytes. 0 if no read of it succeeded. */
export interface Memory {
  readonly kind: 'memory';
  readonly process: string;
  readonly bytes: number;
}

/** Test: people had disabled or deleted an endpoint, between these times at most. */
export interface Off {
  readonly kind: 'off';
  readonly endpointId: string;
  readonly from: number;
  readonly until: number;
}

/** Test: from `at` on a person asked for something. `again`: for messages to be sent once more, beside their order. */
export interface Asked {
  readonly kind: 'asked';
  readonly at: number;
  readonly what: 'skip' | 'retry' | 'again';
  readonly endpointId: string;
  /** Absent if it concerns all messages. */
  readonly messageId?: string;
}

export const ofKind = <Kind extends Event['kind']>(
  history: readonly Event[],
  kind: Kind,
): readonly Extract<Event, { kind: Kind }>[] =>
  history.filter((event): event is Extract<Event, { kind: Kind }> => event.kind === kind);
