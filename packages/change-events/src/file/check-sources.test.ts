import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSources } from './check-sources.ts';
import { compileSources, type Target } from './compile-sources.ts';
import { InvalidSources, readSources } from './read-sources.ts';

const stream = 'arn:aws:dynamodb:eu-north-1:123456789012:table/orders/stream/2026-01-01T00:00:00.000';
const problemsOf = (text: string) => {
  const checked = checkSources(text);
  return checked.kind === 'invalid'
    ? checked.problems.map(({ path, line, message }) => `${path}:${line}: ${message}`)
    : [];
};
const compiled = (text: string, target: Target) => {
  const checked = checkSources(text);
  if (checked.kind === 'invalid') throw new Error(JSON.stringify(checked.problems));
  return compileSources(checked.file, target);
};

const smallest = `
sources:
  - name: orders
    table: orders
    application: acme
    rules:
      - name: all
        event_type: order.\${operation}
`;

describe('the file of sources', () => {
  it('needs little', () => {
    expect(problemsOf(smallest)).toEqual([]);
    expect(compiled(smallest, { stage: 'dev', organisationId: 'org_1' })).toMatchObject({
      sources: [
        { name: 'orders', tableName: 'orders', autoCreate: false, rules: [{ on: ['insert', 'update', 'remove'] }] },
      ],
      absent: [],
      problems: [],
    });
  });

  it('is checked as a whole: every problem has its path, its line, and what to do', () => {
    const text = `
organisation: acme
sources:
  - name: Orders
    table: "a b"
    application: {}
    autoCreate: true
    auto_create: 1
    rules:
      - on: delete
        event_type: order.\${
        when: { new: { status: paid, total: [{ numeric: ['>', x] }], n: [1.00000000000000000000001] } }
        changed: status
        payload: { include: [], redact: ['a[0]'], json: xml }
      - name: a
        event_type: x
      - name: a
        event_type: x
        ordering_key: ''
        channels: ["\${a b}"]
  - orders
more: 1
`;
    expect(problemsOf(text).toSorted()).toEqual(
      [
        'sources[0].rules[0].when.new.n[0]:12: has more digits than can be kept. Write the number with at most 15 digits, or as a whole number',
        'organisation:2: must be the id of an organisation, which begins with org_',
        'sources[0].name:4: must have only a-z, 0-9 and -',
        'sources[0].table:5: must be the name of a table, or the ARN of a table or stream of DynamoDB',
        'sources[0].application:6: must be the id or uid of an application, or { attribute: path } of the attribute that has it',
        'sources[0].auto_create:8: must be true or false',
        'sources[0].rules[0].name:10: is missing. It must be a name',
        'sources[0].rules[0].on:10: must be one of insert, update, remove, expire, or a list of these',
        'sources[0].rules[0].when.new.status:12: must be a list of values, such as [paid], or a map of attributes',
        "sources[0].rules[0].when.new.total[0].numeric:12: must be pairs of a comparison and a number, such as ['>=', 10, '<', 20]",
        'sources[0].rules[0].changed:13: must be a list of attribute paths',
        `sources[0].rules[0].event_type:11: has a $ that begins no \${…}. Write $$ for the character itself`,
        'sources[0].rules[0].payload.include:14: must have at least one entry',
        'sources[0].rules[0].payload.redact[0]:14: must not have an index: a name stands for the members of all elements of a list',
        'sources[0].rules[0].payload.json:14: must be one of plain, dynamodb',
        'sources[0].rules[2].ordering_key:19: must not be empty',
        `sources[0].rules[2].channels[0]:20: has no attribute path in \${a b}. Write \${status} or \${new.a.b}`,
        'sources[0].rules[2].name:17: is used twice. Choose another name',
        'sources[0].autoCreate:7: is not known here. Remove it, or check its spelling',
        'sources[1]:21: must be a map',
        'more:22: is not known here. Remove it, or check its spelling',
      ].toSorted(),
    );
  });

  it.each([
    ['', ':undefined: must be a map'],
    ['sources:', 'sources:1: must be a list of sources'],
    ['sources: []', 'sources:1: must have at least one entry'],
    ['a: [', ':1: Flow sequence'],
    ['- 1', ':1: must be a map'],
  ])('is refused as %j', (text, problem) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(problem)]);
  });

  it('names tables and organisations for each stage', () => {
    const text = `
organisation: { prod: org_p, default: org_d }
${smallest.replace('table: orders', `table: { prod: '${stream}', dev: orders-dev }`).trim()}
`;
    const tableOf = (stage: string) =>
      compiled(text, { stage }).sources.map(({ tableName, arn, organisationId }) => ({
        tableName,
        arn,
        organisationId,
      }));
    expect(tableOf('prod')).toEqual([{ tableName: 'orders', arn: stream, organisationId: 'org_p' }]);
    expect(tableOf('dev')).toEqual([{ tableName: 'orders-dev', arn: undefined, organisationId: 'org_d' }]);
    expect(compiled(text, { stage: 'test' })).toMatchObject({ sources: [], absent: ['orders'] });
  });

  it('needs an organisation where there is no other one', () => {
    expect(compiled(smallest, { stage: 'prod' })).toMatchObject({
      sources: [],
      problems: [
        { path: 'sources[0].organisation', message: expect.stringContaining('is missing for the stage prod') },
      ],
    });
  });

  it('has no two tables of one name', () => {
    const source = (name: string, arn: string) =>
      smallest
        .replace('sources:\n', '')
        .replace('name: orders', `name: ${name}`)
        .replace('table: orders', `table: ${arn}`);
    const text = `sources:${source('one', stream)}${source('two', stream)}${source('three', stream.replace('1234', '4321'))}`;
    const { problems } = compiled(text, { stage: 'dev', organisationId: 'org_1' });
    expect(problems).toEqual([{ path: 'sources', message: expect.stringContaining('source three') }]);
  });
});

describe('reading the file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sources-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('finds no sources without a file', async () => {
    expect(await readSources(join(folder, 'none.yml'), { stage: 'dev' })).toEqual({
      found: false,
      sources: [],
      absent: [],
    });
  });

  it('lists all problems, one a line', async () => {
    const path = join(folder, 'a.yml');
    await writeFile(path, smallest.replace('name: orders', 'name: X').replace('acme', '"a b"'));
    await expect(readSources(path, { stage: 'dev' })).rejects.toThrow(InvalidSources);
    await expect(readSources(path, { stage: 'dev' })).rejects.toThrow(
      `${path} has problems:\n  sources[0].name (line 3): must have only a-z, 0-9 and -\n  sources[0].application (line 5): must be`,
    );
    await writeFile(path, smallest);
    await expect(readSources(path, { stage: 'dev' })).rejects.toThrow(
      'has a problem:\n  sources[0].organisation: is missing',
    );
  });
});
