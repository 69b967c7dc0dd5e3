/**
 * How long a function may rely on an application's "unordered" flag after it has read it. Creating the first destination
 * waits this long, so it is short. A slower writer must read the flag again, so it is longer than nearly every request.
 */
export const orderLeaseMs = 2_000;
