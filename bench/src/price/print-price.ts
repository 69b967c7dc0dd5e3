import { printTable } from '../print-table.ts';
import { type PriceFigures, statedAssumptions } from './measure-price.ts';

const aims = { dollars: 4, writeUnits: 4, bodyBytes: 1_024 };
const aim = (value: number, most: number, text: string): string => `${value <= most ? 'met' : 'MISSED'} (${text})`;
const dollarsOf = (value: number): string => `$${value.toFixed(3)}`;

/** Amounts are between millionths and hundreds. */
const amountOf = (value: number): string => (value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3))));

export function printPrices(figures: readonly PriceFigures[]): void {
  console.log(
    '\nWhat a million messages cost on AWS: with an idempotency key, one endpoint, accepted at the first attempt.\n',
  );
  for (const line of statedAssumptions()) console.log(`  ${line}`);
  for (const { bodyBytes, prices } of figures) {
    const [first] = prices;
    if (!first) continue;
    console.log(`\nBodies of ${bodyBytes} bytes of realistic JSON, ${first.traffic.name}:\n`);
    printTable(
      ['item', 'for a message', '', 'for a million'],
      [
        ...first.price.items.map(({ item, amount, unit, dollars }) => [
          item,
          amountOf(amount),
          unit,
          dollarsOf(dollars),
        ]),
        ['in all', '', '', dollarsOf(first.price.dollars)],
        ...first.price.besides.map(({ item, amount, unit, dollars }) => [
          `besides: ${item}`,
          amountOf(amount),
          unit,
          dollarsOf(dollars),
        ]),
      ],
    );
    console.log(`\nwrite units: ${first.price.writeUnits.toFixed(2)}`);
    if (bodyBytes !== aims.bodyBytes)
      for (const { traffic, price } of prices) console.log(`${traffic.name}: ${dollarsOf(price.dollars)}`);
    if (bodyBytes === aims.bodyBytes) printAims(prices);
  }
}

/** A price is met at a rate and a size: with fewer messages a second, an invocation gets fewer of them. */
function printAims(prices: PriceFigures['prices']): void {
  console.log('');
  for (const { traffic, price } of prices) {
    const [kept] = price.besides;
    const at = `${traffic.name} and ${aims.bodyBytes} bytes`;
    const withKept = kept ? `; with the rows that are kept ${dollarsOf(price.dollars + kept.dollars)}` : '';
    console.log(
      `price at ${at}: ${aim(price.dollars, aims.dollars, `${dollarsOf(price.dollars)} of $${aims.dollars}`)}${withKept}`,
    );
  }
  const [first] = prices;
  if (!first) return;
  const units = first.price.writeUnits.toFixed(2);
  console.log(`write units: ${aim(first.price.writeUnits, aims.writeUnits, `${units} of ${aims.writeUnits}`)}`);
  console.log('The number of messages in an invocation of deliver is assumed from the rate, not counted.');
}
