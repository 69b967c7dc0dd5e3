import type { Use } from './count-use.ts';

/** List prices in US dollars, us-east-1, on demand, November 2026. */
const prices = {
  gigabyteSecond: 0.0000133334,
  invocation: 0.2e-6,
  queueRequest: 0.4e-6,
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
};

/** What the workers cost, in US dollars. */
export const priceOf = (use: Use): number =>
  use.gigabyteSeconds * prices.gigabyteSecond +
  use.invocations * prices.invocation +
  use.queueRequests * prices.queueRequest +
  use.writeUnits * prices.writeUnit +
  use.readUnits * prices.readUnit;
