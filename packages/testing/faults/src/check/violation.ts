/** What a promise says, in the words of ADR 0053. */
export const promises = {
  lost: 'deliveries lost',
  invented: 'requests or receipts of no accepted message',
  'wrong-body': 'requests whose body is not the accepted one',
  'out-of-order': 'requests that break the order of their key',
  'over-limit': 'endpoints that got more than their limit',
  'recorded-twice': 'attempts recorded twice',
  'receipt-without-request': 'receipts of answers that no request got',
  'stale-row': 'rows that say otherwise than the receipts',
  statistics: 'endpoints whose statistics are not exact',
  unexplained: 'duplicates without a known cause',
  'did-not-happen': 'planned faults that did not happen',
  'too-long': 'invocations over their time limit + 1 s',
  'too-much-memory': 'processes and answers that took too much memory',
} as const;

export type Promised = keyof typeof promises;

/** A promise that was not kept. */
export interface Violation {
  readonly promise: Promised;
  /** What was seen. */
  readonly what: string;
  /** The message that it concerns, and the endpoint. */
  readonly messageId?: string;
  readonly endpointId?: string;
}
