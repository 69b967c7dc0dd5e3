import type { Application, EndpointRepository, EndpointTarget } from '@posthorn/core';
import { anApplication, nthId } from '@posthorn/testing';
import { createSelectByEndpoints } from './select-by-endpoints.ts';

const withoutDisabled = { exclude_apps_with_disabled_endpoints: true };
const withoutPlay = { exclude_apps_with_svix_play_endpoints: true };
const withoutNone = { exclude_apps_with_no_endpoints: true };
const atPlay = { url: 'https://play.svix.com/in/e_1/' };

/** Applications with so many endpoints each, and a count of the endpoints that are read. */
function withEndpoints(counts: readonly number[], overrides: (n: number) => Partial<EndpointTarget> = () => ({})) {
  const applications = counts.map((_, n) => anApplication({ applicationId: nthId('application', n) }));
  const read = { rows: 0 };
  const listTargets: EndpointRepository['listTargets'] = async (applicationId, { after = '0', limit }) => {
    const count = counts[applications.findIndex((one) => one.applicationId === applicationId)] ?? 0;
    const start = Number(after);
    const end = Math.min(start + limit, count);
    const numbers = Array.from({ length: end - start }, (_, index) => start + index);
    const targets = numbers.map((n) => ({ url: 'https://a.example/', disabled: false, ...overrides(n) }));
    read.rows += numbers.length;
    return { targets, rowsRead: numbers.length, ...(end < count && { next: String(end) }) };
  };
  return { endpoints: { listTargets }, applications, read };
}

const idsOf = (selected: readonly (Application | undefined)[]) => selected.map((one) => one?.applicationId);

describe('applications selected by their endpoints', () => {
  it.each([
    ['of each application one endpoint, if it is asked whether there is one', withoutNone, {}, 30],
    ['a few endpoints of each application, if the first ones decide it', withoutDisabled, {}, 300],
    ['a few endpoints of each application, if the first ones are not at Svix Play', withoutPlay, {}, 300],
  ])('cost %s', async (_, query, overrides, rows) => {
    const { endpoints, applications, read } = withEndpoints(new Array(30).fill(200), () => overrides);
    const selected = await createSelectByEndpoints(endpoints, query)(applications);
    expect(idsOf(selected)).toEqual(idsOf(applications));
    expect(read.rows).toBe(rows);
  });

  it.each([
    ['disabled', withoutDisabled, { disabled: true }],
    ['at Svix Play', withoutPlay, atPlay],
  ])('cost few endpoints more than a page may read, if all are %s', async (_, query, overrides) => {
    const { endpoints, applications, read } = withEndpoints(new Array(60).fill(200), () => overrides);
    let left = applications;
    for (let pages = 0; left.length > 0; pages += 1) {
      read.rows = 0;
      const selected = await createSelectByEndpoints(endpoints, query)(left);
      expect(selected).toEqual(new Array(selected.length).fill(undefined));
      expect(selected.length).toBeGreaterThan(0);
      expect(read.rows).toBeLessThanOrEqual(2_000 + 25 * 10 + 100);
      expect(pages).toBeLessThan(20);
      left = left.slice(selected.length);
    }
  });

  it('are decided by the last endpoint, wherever the page has read enough', async () => {
    const last = (n: number) => ({ disabled: n < 2_999 });
    const { endpoints, applications } = withEndpoints([3_000, 1], last);
    const select = createSelectByEndpoints(endpoints, withoutDisabled);
    expect(idsOf(await select(applications))).toEqual([nthId('application', 0)]);
    expect(await select(applications.slice(1))).toEqual([]);
    const next = createSelectByEndpoints(endpoints, withoutDisabled);
    expect(await next(applications.slice(1))).toEqual([undefined]);
  });

  it('are decided by the first endpoint whose row says where it is', async () => {
    const { applications } = withEndpoints([0, 0]);
    const unreadable: EndpointRepository['listTargets'] = async (_, { after }) =>
      after === undefined
        ? { targets: [], rowsRead: 1, next: nthId('endpoint', 1) }
        : { targets: [{ url: 'https://a.example', disabled: true }], rowsRead: 1 };
    const select = (query: object) => createSelectByEndpoints({ listTargets: unreadable }, query)(applications);
    expect(idsOf(await select(withoutNone))).toEqual(idsOf(applications));
    expect(await select({ ...withoutNone, ...withoutDisabled })).toEqual([undefined, undefined]);
  });
});
