import { signedRequest } from '../../testing/signed-request.ts';

const keys = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const timestamp = 1_700_000_000;

export const receiverOptions = { keys, now: () => timestamp * 1_000, leaseSeconds: 30 };
export const aMessage = (id: string) => signedRequest({ id, secrets: [keys], timestamp });
