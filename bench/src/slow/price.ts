import { prices } from '../price/prices.ts';
import type { Use } from './count-use.ts';

/** What the workers cost at list prices, in US dollars. */
export const priceOf = (use: Use): number =>
  use.gigabyteSeconds * prices.lambdaGbSecond +
  use.invocations * prices.lambdaRequest +
  use.queueRequests * prices.queueRequest +
  use.writeUnits * prices.writeUnit +
  use.readUnits * prices.readUnit;
