import { Worker } from 'node:worker_threads';
import { isPassingError } from '@posthorn/core';
import { patientLimits } from '@posthorn/threads/testing/patient-limits';
import { createPayloadCheck, toKeyedSchemas } from './create-payload-check.ts';
import { threadLimits } from './limits.ts';
import { threadOptions } from './thread-data.ts';

const threads: Worker[] = [];
const startThread = (): Worker => {
  const thread = new Worker(new URL('./thread.ts', import.meta.url), threadOptions);
  threads.push(thread);
  return thread;
};
beforeEach(() => {
  threads.length = 0;
});
afterEach(() => Promise.all(threads.map((thread) => thread.terminate())));

function aCheck(limits = patientLimits) {
  const check = createPayloadCheck(startThread, { limits });
  return (schema: unknown, payload: unknown, { organisationId = 'org_1', application = 'app_1' } = {}) => {
    const text = JSON.stringify({ 1: false, 2: schema });
    const json = typeof payload === 'string' ? payload : JSON.stringify(payload);
    return check({ organisationId, application, schemas: toKeyedSchemas(text), payload: json });
  };
}
const fits = { kind: 'fits' };
const misfits = (path: readonly (string | number)[], message: unknown) => ({
  kind: 'misfits',
  mismatches: [{ path, message }],
});
const tooLong = misfits([], 'takes too long to be compared with the schema of the event type');

const doubling = {
  anyOf: [
    { properties: { a: { $ref: '#' } }, required: ['b'] },
    { properties: { a: { $ref: '#' } }, required: ['b'] },
  ],
};
const unique = { uniqueItems: true, items: { $ref: '#' } };

describe('a payload on a thread', () => {
  it('is compared with the newest schema', async () => {
    const check = aCheck();
    expect(threads).toHaveLength(0);
    const schema = { properties: { id: { type: 'integer' } } };
    expect(await check(schema, { id: 1 })).toEqual(fits);
    expect(await check(schema, { id: '1' })).toEqual(misfits(['id'], 'must be integer'));
    expect(threads).toHaveLength(1);
  });

  it('must be JSON', async () => {
    expect(await aCheck()(true, '<a/>')).toEqual(misfits([], expect.stringContaining('must be JSON')));
  });

  it.each([
    ['looks ahead', { pattern: '(?=a)b' }, 'pattern (?=a)b looks ahead'],
    ['leads nowhere', { $ref: '#/definitions/none' }, '#/definitions/none leads nowhere'],
    ['repeats too much', { pattern: '((a{99}){99}){99}' }, 'repeats too much'],
    ['has a chain of references', chainOf(20_000), 'nested too deep'],
    ['is no schema', 7, 'must be a JSON Schema'],
    ['has a wrong keyword', { items: { multipleOf: 0 } }, 'items.multipleOf must be a number above 0'],
    ['has no regular expression', { pattern: '[' }, 'pattern must be a regular expression'],
    ['has addresses that are long together', manyAddresses(), 'addresses are too long together'],
    [
      'leads to a wrong keyword where no schema is expected',
      { items: { $ref: '#/$defs/x' }, $defs: { x: { multipleOf: 0 } } },
      '#/$defs/x.multipleOf must be a number above 0',
    ],
    [
      'leads to a pattern that is no regular expression',
      { items: { $ref: '#/examples/0' }, examples: [{ pattern: '(' }] },
      '#/examples/0.pattern must be a regular expression',
    ],
    [
      'leads to a type that does not exist',
      { items: { $ref: '#/x-types/a' }, 'x-types': { a: { not: { type: 'text' } } } },
      '#/x-types/a.not.type must be one of',
    ],
    [
      'leads to patterns that are too long together',
      { items: [{ $ref: '#/$defs/x' }, { $ref: '#/$defs/y' }], $defs: longPatterns() },
      '#/$defs/y.pattern must be shorter',
    ],
    ['leads to what is no schema', { $ref: '#/default', default: 7 }, '#/default must be a JSON Schema'],
    ['leads to a value that is nested deep', { $ref: '#/default', default: { enum: [deepList()] } }, 'nested too deep'],
    ['has a value that is nested deep', { const: deepList() }, 'nested too deep'],
    ['has many large classes', { pattern: manyClasses(600) }, 'too many classes of characters'],
    [
      'repeats something endless no times',
      { pattern: `(?:a{${'9'.repeat(320)}}){0}(?:){300000000}` },
      'repeats too much',
    ],
    ['repeats nothing for ever', { pattern: `(?:){${'9'.repeat(320)}}` }, 'repeats too much'],
    ['has a long address', { $id: `https://example.com/${'a'.repeat(3_000)}` }, 'more than 2000 characters'],
  ])('has a schema that cannot be used if that %s', async (_, schema, reason) => {
    expect(await aCheck()(schema, {})).toEqual({ kind: 'uncheckable', reason: expect.stringContaining(reason) });
  });

  it.each<[string, unknown, unknown]>([
    ['a schema that is itself', { $ref: '#' }, 1],
    ['schemas that double on each level', doubling, nested(60)],
    ['a payload that is nested deep', { enum: [1] }, `${'['.repeat(400_000)}${']'.repeat(400_000)}`],
    [
      'lists of different values inside each other',
      unique,
      `${'['.repeat(400)}${'[1,2],'.repeat(100_000)}1${']'.repeat(400)}`,
    ],
    ['many schemas for many values', { items: { allOf: Array(500).fill({ minimum: 0 }) } }, Array(100_000).fill(1)],
    ['a large pattern and a long text', { pattern: '(a?){500}b' }, JSON.stringify('a'.repeat(500_000))],
    [
      'schemas that are only true or false',
      { items: { anyOf: [...Array(19_889).fill(false), true] } },
      Array(3_000).fill(0),
    ],
    ['schemas that are only true', { items: { allOf: Array(19_890).fill(true) } }, Array(3_000).fill(0)],
    ['an exact one of many', { items: { oneOf: [...Array(19_889).fill(false), true] } }, Array(3_000).fill(0)],
    [
      'a class and a long text that is not ASCII',
      { pattern: '(?:[а-я]?[а-я]?)*!' },
      JSON.stringify('я'.repeat(500_000)),
    ],
    ['many ways to the same place', { pattern: `^(?:a(?:${'|'.repeat(4_000)}))*b` }, JSON.stringify('a'.repeat(9_000))],
    ['many names and many members', { allOf: Array(1_000).fill({ minProperties: 1 }) }, membersOf(50_000)],
  ])('ends at its limit: %s', async (_, schema, payload) => {
    const check = aCheck();
    expect(await check(schema, payload)).toEqual(tooLong);
    expect(await check({ type: 'object' }, {})).toEqual(fits);
    expect(threads).toHaveLength(1);
  });

  it('takes a time that grows with its length, whatever the pattern is', async () => {
    const schema = { items: { pattern: '^(a+)+$' } };
    const payload = Array(1_000).fill(`${'a'.repeat(100)}!`);
    expect(await aCheck()(schema, payload)).toMatchObject({ kind: 'misfits' });
  });

  it('of a megabyte is compared', async () => {
    const check = aCheck();
    expect(await check({ items: { type: 'integer', minimum: 0 } }, Array(200_000).fill(1))).toEqual(fits);
    expect(await check({ pattern: '^[A-Za-z0-9+/=]*$' }, JSON.stringify('a'.repeat(1_000_000)))).toEqual(fits);
    expect(
      await check(
        { uniqueItems: true },
        Array.from({ length: 100_000 }, (_, n) => n),
      ),
    ).toEqual(fits);
  });
});

/** Each address is near the longest one, and the text is short. */
function manyAddresses() {
  const inner = Array.from({ length: 5_000 }, (_, n) => ({ $id: `${n}` }));
  return { $id: `https://example.com/${'a'.repeat(1_900)}/`, allOf: inner };
}
function longPatterns() {
  return { x: { pattern: `^${'a'.repeat(5_000)}$` }, y: { pattern: `^${'b'.repeat(5_000)}$` } };
}
function deepList(): unknown {
  let list: unknown[] = [];
  for (let depth = 0; depth < 600; depth += 1) list = [list];
  return list;
}
function manyClasses(count: number): string {
  return Array.from({ length: count }, (_, n) => `[\\p{L}${String.fromCodePoint(0x4e00 + n)}]`).join('');
}

function chainOf(length: number) {
  const link = (n: number) => [`d${n}`, n + 1 < length ? { $ref: `#/definitions/d${n + 1}` } : true] as const;
  return { $ref: '#/definitions/d0', definitions: Object.fromEntries(Array.from({ length }, (_, n) => link(n))) };
}
function nested(depth: number): object {
  return depth === 0 ? {} : { a: nested(depth - 1) };
}
function membersOf(count: number) {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`m${n}`, n]));
}

describe('the memory of a thread', () => {
  /** Its text has 80 characters, and its matchers take megabytes. */
  const largeSchema = (n: number) => ({
    allOf: [{ pattern: `(?:a{0,94}){100}${n}` }, { pattern: `(?:x{0,47}){200}${n}` }],
  });

  it('has room for the payload of another organisation, whatever schemas one has', async () => {
    const check = aCheck();
    await Promise.all([check(true, 1), check(true, 1, { organisationId: 'org_2' })]);
    for (let n = 0; n < 60; n += 1) await check(largeSchema(n), 1, { organisationId: 'org_hostile' });
    const list = Array.from({ length: 150_000 }, (_, n) => ({ n }));
    expect(await check({ items: { type: 'object' } }, list, { organisationId: 'org_quiet' })).toEqual(fits);
    expect(threads).toHaveLength(2);
  });

  it.each<[string, number, string | undefined, object]>([
    ['is no fault of a payload that fits on a new thread', 1, '1', fits],
    ['is no fault of a schema that can be used on a new thread', 1, undefined, fits],
    ['is too small for a schema', 2, undefined, { kind: 'uncheckable', reason: 'it needs too much memory' }],
    [
      'is too small for a payload that needs too much on a new thread',
      2,
      '1',
      misfits([], expect.stringContaining('memory')),
    ],
  ])('that runs out %s', async (_, runsOut, payload, result) => {
    const full = `const { parentPort } = require('node:worker_threads');
      parentPort.on('message', () => { const all = []; for (;;) all.push(new Array(100_000).fill({})); });
      parentPort.postMessage({ cpuMs: 0 });`;
    const check = createPayloadCheck(
      () => {
        if (threads.length >= runsOut) return startThread();
        const thread = new Worker(full, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 20 } });
        threads.push(thread);
        return thread;
      },
      { limits: patientLimits },
    );
    const one = {
      organisationId: 'org_1',
      application: 'a',
      schemas: toKeyedSchemas('{}'),
      ...(payload === undefined ? {} : { payload }),
    };
    expect(await check(one)).toEqual(result);
    expect(await check(one)).toEqual(fits);
  });

  it('is kept by a thread that has failed, and the sender is told to come back', async () => {
    const check = createPayloadCheck(startThread, { limits: patientLimits });
    const one = { organisationId: 'org_1', application: 'a', payload: '1' };
    const error = await check({ ...one, schemas: toKeyedSchemas('no JSON') }).catch((reason: unknown) => reason);
    expect(isPassingError(error)).toBe(true);
    expect(await check({ ...one, schemas: toKeyedSchemas('{}') })).toEqual(fits);
    expect(threads).toHaveLength(1);
  });
});

describe('organisations', () => {
  it('do not wait for one whose checks use up their limits', async () => {
    const check = aCheck();
    await Promise.all([check(true, 1), check(true, 1, { organisationId: 'org_2' })]);
    const order: string[] = [];
    const slow = { pattern: '(a?){500}b' };
    const text = JSON.stringify('a'.repeat(500_000));
    const hostile = Array.from({ length: 20 }, (_, n) =>
      check(slow, text, { organisationId: 'org_hostile', application: `app_${n}` }).then(() => order.push('hostile')),
    );
    const quiet = Array.from({ length: 20 }, () =>
      check(true, 1, { organisationId: 'org_quiet' }).then(() => order.push('quiet')),
    );
    await Promise.all([...hostile, ...quiet]);
    // All of the quiet one have ended while the hostile one still had turns to come.
    expect(order.at(-1)).toBe('hostile');
  });

  it('are told to come back if their checks wait for too long', async () => {
    const check = aCheck({ ...patientLimits, longestWaitMs: 1 });
    const text = JSON.stringify('a'.repeat(500_000));
    const all = Array.from({ length: 3 }, () => check({ pattern: '(a?){500}b' }, text));
    const refused = (await Promise.allSettled(all)).filter((one) => one.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(isPassingError(reason)).toBe(true);
  });

  it('are told to come back if their check did not end, for a minute', async () => {
    let now = 0;
    const endless =
      'require("node:worker_threads").parentPort.on("message", () => { for (;;); }).postMessage({ cpuMs: 0 })';
    let isStuck = true;
    const check = createPayloadCheck(
      () => {
        if (!isStuck) return startThread();
        const thread = new Worker(endless, { eval: true });
        threads.push(thread);
        return thread;
      },
      // Two seconds of CPU are too much, however long they take.
      { limits: { ...patientLimits, maxCpuMs: threadLimits.maxCpuMs }, now: () => now },
    );
    const one = { organisationId: 'org_1', application: 'a', schemas: toKeyedSchemas('{}'), payload: '1' };
    const checkAgain = async () => {
      const before = threads.length;
      const error = await check(one).catch((reason: unknown) => reason);
      return { hasRun: threads.length > before, isPassing: isPassingError(error) };
    };
    expect(await checkAgain()).toEqual({ hasRun: true, isPassing: true });
    expect(await checkAgain()).toEqual({ hasRun: false, isPassing: true });
    isStuck = false;
    expect(await check({ ...one, organisationId: 'org_2' })).toEqual(fits);
    now = 60_000;
    expect(await check(one)).toEqual(fits);
  });
});
