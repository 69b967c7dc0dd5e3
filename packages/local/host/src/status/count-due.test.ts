import { operationalApplicationIdOf } from '@posthorn/core';
import type { TablesClient } from '@posthorn/models/client';
import { countDue } from './count-due.ts';

const delivery = (app: string) => ({ app: { S: app } });
const wake = (endpointId: string, group?: string) => ({
  app: { S: 'app_1' },
  kind: { S: 'wake' },
  endpointId: { S: endpointId },
  ...(group !== undefined && { group: { S: group } }),
});

/** A table with these pages. */
function aTable(...pages: readonly (readonly object[])[]): TablesClient {
  let next = 0;
  const send = async () => {
    const Items = pages[next];
    next += 1;
    return { Items, ...(next < pages.length && { LastEvaluatedKey: {} }) };
  };
  // Only `send` is called, with a scan.
  return { send } as unknown as TablesClient;
}

it('counts deliveries by application, and endpoints with a wake of their breaker', async () => {
  const rows = [
    delivery('app_1'),
    delivery('app_2'),
    wake('ep_1'),
    wake('ep_1'),
    wake('ep_2'),
    wake('ep_3', 'a group'),
  ];
  expect(await countDue(aTable(rows, [delivery('app_1')]), 'local', 100)).toEqual({
    byApplication: new Map([
      ['app_1', 2],
      ['app_2', 1],
    ]),
    total: 3,
    openBreakers: 2,
    isPartial: false,
  });
});

it('leaves out what carries operational webhooks', async () => {
  const hidden = operationalApplicationIdOf('org_1');
  const rows = [delivery(hidden), delivery('app_1'), { ...wake('ep_1'), app: { S: hidden } }, wake('ep_2')];
  expect(await countDue(aTable(rows), 'local', 100)).toEqual({
    byApplication: new Map([['app_1', 1]]),
    total: 1,
    openBreakers: 1,
    isPartial: false,
  });
});

it('says if there are more rows than it may read', async () => {
  const counts = await countDue(aTable([wake('ep_1'), wake('ep_2')], [delivery('app_1')]), 'local', 2);
  expect(counts).toMatchObject({ total: 0, openBreakers: 2, isPartial: true });
});
