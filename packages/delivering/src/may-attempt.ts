import type { Delivery, Endpoint, ProtectedHealth, ThrottleSlot, TurnReason } from '@posthorn/core';
import type { AttemptReport } from './attempt-report.ts';

/** Whether a delivery may be attempted now, and what it does otherwise. */
export type AttemptPermission =
  /**
   * `probe`: it is the one attempt that finds out whether the endpoint has recovered, and waits for no turn. The health is
   * the one that is stored while it is made.
   */
  | { readonly kind: 'go'; readonly probe?: ProtectedHealth }
  /** The endpoint or the application has had enough for now, or its slow destinations take turns. */
  | { readonly kind: 'wait'; readonly until: Date; readonly slot: ThrottleSlot; readonly reason: TurnReason }
  /** The endpoint keeps failing: its deliveries wait untried. The next one is attempted at `until`. */
  | { readonly kind: 'hold'; readonly until: Date; readonly reason: 'endpoint-failing' }
  /** The endpoint is slow: it is attempted by other workers. */
  | { readonly kind: 'slow' };

/** A delivery that is to be attempted now. */
export interface AttemptRequest {
  readonly delivery: Delivery;
  readonly endpoint: Endpoint;
  readonly now: Date;
}

/** Decides whether a delivery may be attempted now. It is asked once, directly before the message is sent. */
export type MayAttempt = (request: AttemptRequest) => AttemptPermission | Promise<AttemptPermission>;

/** Every delivery may be attempted at any time. */
export const alwaysGo: MayAttempt = () => ({ kind: 'go' });

/** What a delivery does that may not be attempted now. */
export function reportOf(permission: Exclude<AttemptPermission, { kind: 'go' }>): AttemptReport {
  switch (permission.kind) {
    case 'wait':
      return { ...permission, kind: 'deferred' };
    case 'hold':
      return { kind: 'held', until: permission.until, reason: permission.reason };
    case 'slow':
      return { kind: 'slow' };
  }
}

/** For deliveries in order: a group has one queue, so a slow endpoint is attempted from there, too. */
export const alsoIfSlow =
  (mayAttempt: MayAttempt): MayAttempt =>
  async (request) => {
    const permission = await mayAttempt(request);
    return permission.kind === 'slow' ? { kind: 'go' } : permission;
  };
