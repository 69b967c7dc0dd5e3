import type { RetrySchedule } from '../retry-schedule/retry-schedule.ts';
import type { EndpointHealth } from './endpoint-health.ts';
import type { Transformation } from './transformation.ts';

/** A subscriber's URL, its filters, and how requests to it are made. */
export interface Endpoint {
  readonly organisationId: string;
  readonly applicationId: string;
  readonly endpointId: string;
  readonly uid?: string;
  readonly url: string;
  readonly description: string;
  readonly disabled: boolean;
  /** Present if Posthorn disabled it, because of what it answered. Absent again once it is enabled. */
  readonly autoDisabled?: true;
  /** Only these event types; all of them when absent. */
  readonly eventTypes?: readonly string[];
  /** Only messages of one of these channels; all messages when absent. */
  readonly channels?: readonly string[];
  /** Attempts a second, at most. */
  readonly throttleRate?: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** If absent, the schedule of the event type, of the organisation, or of the installation applies. */
  readonly retrySchedule?: RetrySchedule;
  /** Sent with every attempt: a JSON object of header name to value, sealed since they often carry credentials. */
  readonly sealedHeaders?: string;
  /** The current signing secret first, then those of rotations that are not over yet. */
  readonly secrets: readonly SealedSecret[];
  /** Absent if none was ever set. */
  readonly transformation?: Transformation;
  /** Present on an endpoint in FIFO mode. */
  readonly order?: OrderPolicy;
  /** What its recent attempts say about it. Absent if it is healthy. An update of the endpoint does not change it. */
  readonly health?: EndpointHealth;
  /** Counts the changes, starting at 1. An update is refused if the revision is no longer the one that it read. */
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A signing secret as it is stored: encrypted, bound to its endpoint. */
export interface SealedSecret {
  /** `whsec_…` (HMAC) or `whsk_…` (ed25519), sealed. */
  readonly sealedKey: string;
  /** Absent on the current secret. */
  readonly expiresAt?: Date;
  /** The rotation that it came with. Absent on the first secret, and on those that a replaced destination was given. */
  readonly rotation?: string;
}

/** How an endpoint in FIFO mode is kept in order. */
export interface OrderPolicy {
  /** JSON path to the ordering key in the payload. If absent, all messages of the endpoint have the same key. */
  readonly by?: string;
  /** When a message's retries are used up: hold all later messages, or continue without it. */
  readonly onExhausted: 'block' | 'skip';
}

/** Where an endpoint is, and whether it gets anything. */
export type EndpointTarget = Pick<Endpoint, 'url' | 'disabled'>;

/** The part of an endpoint that fan-out reads. */
export type FanOutEndpoint = Pick<Endpoint, 'endpointId' | 'disabled' | 'eventTypes' | 'channels' | 'order' | 'health'>;

/** An endpoint with a row that this version cannot read. Its deliveries are set aside, and other endpoints go on. */
export interface UnreadableEndpoint {
  readonly endpointId: string;
  /** Which field is invalid; no values. */
  readonly unreadable: string;
}

/** What a sealed value is bound to: an endpoint, or a request with an idempotency key. It opens for no other one. */
export type SealContext =
  | Pick<Endpoint, 'organisationId' | 'endpointId'>
  | { readonly organisationId: string; readonly requestKey: string };

/**
 * Whether a message passes an endpoint's filters. One without channels does not pass a filter by channel. One that is for a
 * single endpoint passes there, and nowhere else.
 */
export function matchesFilters(
  endpoint: Pick<Endpoint, 'endpointId' | 'eventTypes' | 'channels'>,
  message: { readonly eventType: string; readonly channels: readonly string[]; readonly onlyTo?: string },
): boolean {
  const { endpointId, eventTypes, channels } = endpoint;
  if (message.onlyTo !== undefined) return message.onlyTo === endpointId;
  if (eventTypes && !eventTypes.includes(message.eventType)) return false;
  return !channels || channels.some((channel) => message.channels.includes(channel));
}
