import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { measurePrices } from './price/measure-price.ts';
import { printPrices } from './price/print-price.ts';

const help = `Prints what a million messages cost on AWS at list prices, item by item. It takes half a minute.

  npx pnpm@12 run bench:price [--json FILE]

It runs the functions that accept, fan out, deliver and count messages, one invocation at a time, against stores in
another process. It counts their calls and measures their CPU. What cannot be counted without an AWS account is printed
as an assumption (bench/src/price/assumptions.ts).`;

const { values } = parseArgs({ options: { json: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
if (values.help) console.log(help);
else {
  const figures = await measurePrices();
  printPrices(figures);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`);
}
