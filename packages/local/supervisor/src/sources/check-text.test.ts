import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSources } from '@posthorn/change-events/file';
import { checkText } from './check-text.ts';

const file = `
sources:
  - name: shop
    table: orders
    application: { attribute: customer }
    auto_create: true
    rules:
      - name: paid
        on: update
        changed: [status]
        event_type: order.\${new.status}
        payload: { include: [changed] }
        tags: ["\${operation}"]
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sources-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function sources() {
  const path = join(folder, 'a.yml');
  await writeFile(path, file);
  return (await readSources(path, { stage: 'local', organisationId: 'org_1' })).sources;
}

it('shows the event of a made-up change of each rule', async () => {
  expect(checkText(await sources(), {})).toBe(
    [
      'source shop: table orders, application with the id or uid in customer, created if missing, org_1',
      '  rule paid (on update), for a made-up update:',
      '    order.new to application sample, ordering key orders {"id":"sample"}',
      '    tags update',
      '    {"type":"order.new","timestamp":"2026-01-01T00:00:00.000Z","data":{"operation":"update","changed":{"status":{"old":"old","new":"new"}}}}',
    ].join('\n'),
  );
});

it('says why a given item makes no event', async () => {
  const item = { id: { S: '1' }, status: { S: 'paid' } };
  const lines = async (parts: Parameters<typeof checkText>[1]) =>
    checkText(await sources(), parts)
      .split('\n')
      .slice(2);
  expect(await lines({ item })).toEqual([
    '    set aside: source shop, rule paid: application: the item has no customer',
  ]);
  expect(await lines({ item, old: item })).toEqual([
    expect.stringContaining('    no event: the change does not match'),
  ]);
  expect(await lines({ item, operation: 'insert' })).toEqual([expect.stringContaining('    no event')]);
});
