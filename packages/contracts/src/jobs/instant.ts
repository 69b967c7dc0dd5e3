import * as z from 'zod/mini';

/** ISO 8601 with milliseconds, UTC. */
export const instant = z.iso.datetime({ precision: 3 });
