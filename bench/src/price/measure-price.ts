import { assumptions, type Traffic, trafficOf } from './assumptions.ts';
import { type MeasuredPath, measurePath } from './measure-functions.ts';
import { type Price, priceOf } from './price-of.ts';
import { prices } from './prices.ts';
import { withStores } from './with-stores.ts';

const bodySizes = [1_024, 2_048];
/** Messages a second. The first is a million within an hour, for which the aim is. */
const rates = [278, 1_000, 100, 1];
const statisticsWindowSeconds = 5;

/** The prices for one size of body. */
export interface PriceFigures {
  readonly bodyBytes: number;
  readonly prices: readonly { readonly traffic: Traffic; readonly price: Price }[];
}

/** What a million messages of 1 KB and of 2 KB cost, to one endpoint that accepts each at the first attempt. */
export async function measurePrices(): Promise<readonly PriceFigures[]> {
  const figures: PriceFigures[] = [];
  for (const bodyBytes of bodySizes) {
    const path: MeasuredPath = await withStores((addresses) => measurePath(addresses, bodyBytes));
    const traffics = rates.map((rate) => trafficOf(rate, statisticsWindowSeconds));
    figures.push({
      bodyBytes,
      prices: traffics.map((traffic) => ({ traffic, price: priceOf(path, traffic, prices) })),
    });
  }
  return figures;
}

/** The assumptions, in sentences. */
export const statedAssumptions = (): readonly string[] => {
  const { waitMs, runtimeMs, oneProcessorMb } = assumptions;
  return [
    `AWS's list prices of ${prices.asOf}: ${prices.region}, on demand, arm64, no free tier (bench/src/price/prices.ts).`,
    'Counted: units by ConsumedCapacity, requests, and bytes of log lines, with 26 bytes more for each line.',
    `Duration: the CPU that the function takes here, and ${runtimeMs} ms, × ${oneProcessorMb} MB ÷ its memory; and for each wait`,
    `${waitMs.dynamodb} ms for DynamoDB, ${waitMs.sqs} ms for SQS, ${waitMs.receiver} ms for the receiver. Cold starts are left out.`,
    'Batches: 4 shards of each stream, each read 4 times a second; what is fanned out together is delivered together.',
  ];
};
