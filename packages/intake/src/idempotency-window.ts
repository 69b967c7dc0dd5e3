/** How long a request is recognised by its idempotency key. */
export const idempotencyMs = 12 * 60 * 60 * 1000;
