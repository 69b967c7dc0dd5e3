import { ApiException, type Svix } from 'svix';
import { until } from '../fixtures/until.ts';

export const eventType = 'payment.received';
const postsInFlight = 8;
const accounts = 10;

/** The payload of a message. The amounts of an account are powers of two: a balance shows what is missing or doubled. */
const paymentOf = (message: number) => ({
  account: `account-${message % accounts}`,
  amount: 2 ** Math.floor(message / accounts),
});

/** Account => balance, if each payment is made exactly once. */
export function balancesAfter(messages: number): Readonly<Record<string, number>> {
  const balances: Record<string, number> = {};
  for (let message = 0; message < messages; message += 1) {
    const { account, amount } = paymentOf(message);
    balances[account] = (balances[account] ?? 0) + amount;
  }
  return balances;
}

interface Posting {
  /** The number of the first message. */
  readonly from: number;
  readonly count: number;
  /** Called with the number of each message that was accepted. */
  readonly onPosted: (message: number) => Promise<void>;
}

/** Posts messages, each until it is accepted. Returns their ids. */
export async function postPayments(
  svix: Svix,
  applicationId: string,
  { from, count, onPosted }: Posting,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let next = from;
  const post = async () => {
    for (let message = next++; message < from + count; message = next++) {
      ids.push(await postOne(svix, applicationId, message));
      await onPosted(message);
    }
  };
  await Promise.all(Array.from({ length: postsInFlight }, post));
  return ids;
}

async function postOne(svix: Svix, applicationId: string, message: number): Promise<string> {
  let id = '';
  await until('the message is accepted', async () => {
    try {
      const options = { idempotencyKey: `payment-${message}` };
      ({ id } = await svix.message.create(applicationId, { eventType, payload: paymentOf(message) }, options));
      return true;
    } catch (error) {
      // The system may be starting again. The same key makes the repetition safe.
      if (error instanceof ApiException && error.code < 500) throw error;
      return false;
    }
  });
  return id;
}

/** The messages that an endpoint has accepted. */
export async function listAccepted(
  svix: Svix,
  applicationId: string,
  endpointId: string,
): Promise<ReadonlySet<string>> {
  const succeeded = 0;
  const accepted = new Set<string>();
  for (let iterator: string | null = null, done = false; !done; ) {
    const options = { status: succeeded, limit: 250, ...(iterator === null ? {} : { iterator }) } as const;
    const page = await svix.messageAttempt.listByEndpoint(applicationId, endpointId, options);
    for (const { msgId } of page.data) accepted.add(msgId);
    iterator = page.iterator ?? null;
    done = page.done || iterator === null;
  }
  return accepted;
}
