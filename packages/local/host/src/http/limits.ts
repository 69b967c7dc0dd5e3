/** Limits for what clients may cost the server. Times are in milliseconds. */
export interface HttpLimits {
  /** How long an idle connection is kept. A proxy must close its idle connections earlier, so it is over a minute. */
  readonly keepAliveMs: number;
  /** How long a request's headers may take, from the opened connection or the end of the request before. */
  readonly headersMs: number;
  /** How long a whole request may take to arrive. */
  readonly requestMs: number;
  /** How long nothing may move while an answer is written to a client that does not read. */
  readonly silentMs: number;
  /** How often slow requests are looked for. */
  readonly lookEveryMs: number;
  /** How long a refused client may still send, so that it gets the answer before the connection is closed. */
  readonly lingerMs: number;
  /** The size of all headers together. */
  readonly headerBytes: number;
  /** Connections at a time from one address of another machine. 0 for any number. */
  readonly connectionsPerAddress: number;
}

export const defaultHttpLimits: HttpLimits = {
  keepAliveMs: 75_000,
  headersMs: 10_000,
  requestMs: 60_000,
  silentMs: 120_000,
  lookEveryMs: 1_000,
  lingerMs: 1_000,
  headerBytes: 16_384,
  connectionsPerAddress: 0,
};
