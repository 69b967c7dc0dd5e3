import { startDynamodbEmbedded } from '@posthorn/local-dynamodb/server';
import fc from 'fast-check';
import { type Comparison, type Difference, openComparison } from './compare.ts';
import { groupOperations, singleOperations } from './generators/sequence.ts';
import { findDynamodbLocal } from './local.ts';
import type { Operation } from './operation.ts';
import { type OpenStore, openInProcess, openStore, type Store } from './store.ts';
import { tables } from './tables.ts';

// Another run: AGREEMENT_SEED=7 AGREEMENT_SEQUENCES=10000 pnpm test
const seed = Number(process.env.AGREEMENT_SEED ?? 20_260);
const sequences = Number(process.env.AGREEMENT_SEQUENCES ?? 200);
const limitMs = 600_000 + sequences * 3_000;

const startLocal = await findDynamodbLocal(true);

/** Compares a store in this process with the same store over HTTP, or with DynamoDB Local. */
function describeAgreement(name: 'over HTTP' | 'DynamoDB Local', openReference: OpenStore): void {
  describe(`the embedded store in process and ${name} (seed ${seed})`, () => {
    const stores: Store[] = [];
    let comparison: Comparison | undefined;

    beforeAll(async () => {
      const embedded = await openInProcess({ shardsPerStream: 3 });
      stores.push(embedded);
      const reference = await openReference();
      stores.push(reference);
      comparison = await openComparison(embedded, reference, name === 'over HTTP' ? 'embedded' : name);
    });

    afterAll(async () => {
      process.stderr.write(`compared with ${name}: ${JSON.stringify(comparison?.compared)}\n`);
      await Promise.all(stores.map((store) => store.stop()));
    });

    const agrees = async (operations: readonly Operation[]) => {
      if (comparison === undefined) throw new Error('the stores were not started');
      for await (const difference of comparison.differences(operations)) throw new Error(toText(difference));
    };
    const check = (arbitrary: fc.Arbitrary<readonly Operation[]>, share: number) =>
      fc.assert(fc.asyncProperty(arbitrary, agrees), {
        seed,
        numRuns: Math.ceil((sequences * share) / tables.length),
        interruptAfterTimeLimit: limitMs - 10_000,
        markInterruptAsFailure: true,
      });

    it.each(tables)(
      'answer, refuse and record alike: single operations and reads on $name',
      (table) => check(singleOperations(table), 0.6),
      limitMs,
    );

    it.each(tables)(
      'answer, refuse and record alike: batches and transactions on $name',
      (table) => check(groupOperations(table), 0.4),
      limitMs,
    );
  });
}

const toText = ({ operation, embedded, local }: Difference): string =>
  [
    `after ${JSON.stringify(operation)}`,
    `embedded ${JSON.stringify(embedded)}`,
    `local    ${JSON.stringify(local)}`,
  ].join('\n');

describeAgreement('over HTTP', () => openStore(() => startDynamodbEmbedded({ shardsPerStream: 3 })));
if (startLocal !== undefined) describeAgreement('DynamoDB Local', () => openStore(startLocal));

describe('the comparison', () => {
  const operations: readonly Operation[] = [
    { kind: 'PutItem', input: { TableName: 'plain', Item: { id: { S: 'a' }, c: { N: '1' } } } },
    { kind: 'GetItem', input: { TableName: 'plain', Key: { id: { S: 'a' } } } },
  ];
  const stores: Store[] = [];
  const openEmbedded = async (): Promise<Store> => {
    const store = await openStore(() => startDynamodbEmbedded({ shardsPerStream: 3 }));
    stores.push(store);
    return store;
  };
  afterEach(() => Promise.all(stores.splice(0).map((store) => store.stop())));

  const withAnotherNumber = <T extends object>(input: T): T =>
    'Item' in input ? { ...input, Item: { id: { S: 'a' }, c: { N: '2' } } } : input;

  const compareWith = async (other: Store): Promise<readonly Difference[]> => {
    const { differences } = await openComparison(await openEmbedded(), other);
    const found: Difference[] = [];
    for await (const difference of differences(operations)) found.push(difference);
    return found;
  };

  it('finds no difference between two equal stores', async () => {
    expect(await compareWith(await openEmbedded())).toEqual([]);
  });

  it('finds an answer that differs, and the stream record of another item', async () => {
    const other = await openEmbedded();
    other.dynamodb.middlewareStack.add((next) => (args) => next({ ...args, input: withAnotherNumber(args.input) }));
    expect(await compareWith(other)).toMatchObject([{ operation: operations[1] }, { operation: 'stream' }]);
  });
});
