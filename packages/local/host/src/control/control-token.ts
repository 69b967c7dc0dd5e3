import { createHmac } from 'node:crypto';

/**
 * The bearer token of control requests. It is derived from the secret of the local access key, so that the secret itself
 * is never sent.
 */
export const controlToken = (secretAccessKey: string): string =>
  createHmac('sha256', secretAccessKey).update('posthorn control').digest('hex');
