/** An attempt, as the API lists it. */
export interface AttemptRow {
  readonly id: string;
  readonly endpointId: string;
  readonly msgId: string;
  readonly url: string;
  /** 0 if there was no answer. */
  readonly responseStatusCode: number;
  readonly responseDurationMs: number;
  readonly statusText: 'success' | 'pending' | 'fail' | 'sending' | 'canceled';
  readonly triggerType: number;
  readonly timestamp: string;
  /** null if the message is no longer kept. */
  readonly msg?: { readonly eventType: string } | null;
}

/** An attempt, as `tail` prints it with `--json`. */
export interface TailedAttempt {
  readonly timestamp: string;
  readonly id: string;
  readonly endpointId: string;
  readonly msgId: string;
  /** null if the message is no longer kept. */
  readonly type: string | null;
  readonly status: string;
  /** The status of the answer; 0 if there was none. */
  readonly code: number;
  readonly ms: number;
  readonly trigger: 'scheduled' | 'manual';
  readonly url: string;
}

const manual = 1;

export const toTailedAttempt = (row: AttemptRow): TailedAttempt => ({
  timestamp: row.timestamp,
  id: row.id,
  endpointId: row.endpointId,
  msgId: row.msgId,
  type: row.msg?.eventType ?? null,
  status: row.statusText,
  code: row.responseStatusCode,
  ms: row.responseDurationMs,
  trigger: row.triggerType === manual ? 'manual' : 'scheduled',
  url: row.url,
});
