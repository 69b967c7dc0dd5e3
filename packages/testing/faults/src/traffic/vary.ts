/** How a message differs from the others. */
export interface Variation {
  /** Members of the payload. */
  readonly content: object;
  /** Members of the request beside the payload. */
  readonly rest: { readonly eventId?: string; readonly deliverAt?: string };
  /** Whether no other message may have its ordering key. */
  readonly isAlone: boolean;
}

const longestNote = 600;
/** Each so many messages. Primes, so that they meet seldom. */
const every = { eventId: 5, large: 29, later: 37 };
/** As text of random hexadecimal digits, it is deflated to about half. More than one row holds. */
const largeDigits = 800_000;
const laterMs = 4_000;

/** Some messages have an event id, some a body that one row does not hold, and some are delivered seconds later. */
export function vary(number: number, random: () => number, now = Date.now()): Variation {
  const isOne = (kind: keyof typeof every) => number % every[kind] === 0;
  return {
    content: isOne('large')
      ? { large: randomDigits(random) }
      : { note: 'é"\u2028'.repeat(Math.floor(random() * longestNote)) },
    rest: {
      ...(isOne('eventId') && { eventId: `event-${number}` }),
      ...(isOne('later') && { deliverAt: new Date(now + laterMs).toISOString() }),
    },
    isAlone: isOne('later'),
  };
}

const digitsOfOneDraw = 8;
const randomDigits = (random: () => number): string =>
  Array.from({ length: largeDigits / digitsOfOneDraw }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(digitsOfOneDraw, '0'),
  ).join('');
