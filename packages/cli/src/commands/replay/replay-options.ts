/** The number of each status in the API. */
export const statuses = { success: 0, pending: 1, fail: 2, sending: 3, canceled: 4 } as const;

/** The number of each class of status codes in the API. */
export const statusClasses = { none: 0, '1xx': 100, '2xx': 200, '3xx': 300, '4xx': 400, '5xx': 500 } as const;

/** What the command line says about a replay. */
export interface ReplayOptions {
  readonly app?: string;
  readonly endpoint?: string;
  readonly failed?: boolean;
  readonly missing?: boolean;
  readonly since?: string;
  readonly until?: string;
  readonly type?: readonly string[];
  readonly channel?: string;
  readonly tag?: string;
  readonly status?: keyof typeof statuses;
  readonly statusClass?: keyof typeof statusClasses;
  readonly task?: string;
  readonly wait: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly idempotencyKey?: string;
}
