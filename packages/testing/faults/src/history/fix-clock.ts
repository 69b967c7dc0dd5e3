/** A client of the AWS SDK. */
interface Client {
  readonly config: { systemClockOffset: number };
}

/**
 * Lets a client sign its requests with the time of a system whose clock is moved by so many milliseconds. The client would
 * set its clock by the dates of the answers, which no test moves.
 */
export function fixClock<Fixed extends Client>(client: Fixed, offsetMs: number): Fixed {
  Object.defineProperty(client.config, 'systemClockOffset', { get: () => offsetMs, set: () => undefined });
  return client;
}
