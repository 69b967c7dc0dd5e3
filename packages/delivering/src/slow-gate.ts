import { isSlow } from '@posthorn/core';
import type { MayAttempt } from './may-attempt.ts';

/** Sends deliveries to slow endpoints on to their own workers. For workers that all endpoints share. */
export const slowGate: MayAttempt = ({ endpoint, now }) => (isSlow(endpoint, now) ? { kind: 'slow' } : { kind: 'go' });
