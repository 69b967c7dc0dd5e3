import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import type { Svix } from 'svix';
import { commandUnderTest } from './fixtures/command-under-test.ts';
import { countReceipts } from './fixtures/count-receipts.ts';
import { untilPasses } from './fixtures/until.ts';
import { checkDeliveries, followDeliveries } from './load/check-deliveries.ts';
import {
  createClient,
  orderingKeys,
  type Posted,
  pathOf,
  postMessages,
  prepareTenants,
  type Tenant,
} from './load/order-traffic.ts';

/** Under `serverless offline` a message takes ten times as long. */
const messages = commandUnderTest() === 'dev' ? 240 : 1_000;

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
let tenants: readonly Tenant[];
let posted: readonly Posted[];
/** The process id of the host: a restart would explain duplicates. */
let host: number | undefined;

beforeAll(async () => {
  [system, receiver] = await Promise.all([
    launchSystem({ POSTHORN_RETRY_SCHEDULE: '1,1,2' }, commandUnderTest()),
    startReceiver(),
  ]);
  host = (await system.cloud()).processes.host;
  svix = createClient(system.url, system.token);
  tenants = await prepareTenants(svix, receiver);
  posted = await postMessages(svix, tenants, messages);
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

/**
 * The jobs that failed and came back: on a machine that is too slow, a store is not reached in time. A worker that fails
 * between a request and its record leaves a request without a receipt, and the next one is a duplicate.
 */
function countFailedRuns(): number {
  const output = system.output();
  const batches = [...output.matchAll(/deliver(?:Standard|Slow|Fifo): batch of (\d+) failed/g)].map(([, jobs]) =>
    Number(jobs),
  );
  const alone = output.match(/"(?:delivery\.failed|group\.job_failed)"/g) ?? [];
  return batches.reduce((sum, jobs) => sum + jobs, alone.length);
}

describe(`${messages} messages over ${3} applications`, () => {
  it('reach every endpoint that subscribes to them, signed, byte for byte and in order', async () => {
    await receiver.waitFor(followDeliveries(posted).areAllDone);
    expect([(await system.cloud()).processes.host, system.output()]).toEqual([
      host,
      expect.not.stringContaining('died'),
    ]);
    const report = checkDeliveries(receiver, posted, tenants);
    expect(report.duplicates).toBeLessThanOrEqual(countFailedRuns());
    expect(report).toMatchObject({
      missing: 0,
      badSignatures: 0,
      wrongBodies: 0,
      outOfOrder: 0,
      toPrivate: 0,
    });
    expect(new Set(posted.map(({ tenant, orderId }) => `${tenant} ${orderId}`)).size).toBe(3 * orderingKeys);
  });

  it('are failed attempts with a reason at an endpoint with a forbidden address', async () => {
    const [tenant] = tenants;
    const { applicationId = '', endpointIds } = tenant ?? {};
    const own = posted.filter((message) => message.tenant === 0);
    const [first] = own;
    const { data } = await svix.messageAttempt.listByMsg(applicationId, first?.messageId ?? '', {
      endpointId: endpointIds?.private ?? '',
      withContent: true,
    });
    expect(data.length).toBeGreaterThan(0);
    for (const attempt of data)
      expect(attempt).toMatchObject({
        status: 2,
        responseStatusCode: 0,
        response: expect.stringContaining('may not be called'),
      });
  });

  it('are counted, attempt by attempt', async () => {
    let withoutReceipt = 0;
    for (const [index, { applicationId, endpointIds }] of tenants.entries()) {
      const own = posted.filter(({ tenant }) => tenant === index);
      for (const name of ['plain', 'flaky'] as const) {
        const count = () => countReceipts(svix, applicationId, endpointIds[name]);
        await untilPasses(async () => expect((await count()).succeeded).toBe(own.length));
        const receipts = await count();
        const missing = receiver.requestsTo(pathOf(index, name)).length - receipts.requests;
        expect(missing).toBeGreaterThanOrEqual(0);
        withoutReceipt += missing;
        await untilPasses(async () => {
          expect(await svix.endpoint.getStats(applicationId, endpointIds[name])).toMatchObject({
            success: receipts.succeeded,
            fail: receipts.requests - receipts.succeeded,
          });
        });
      }
    }
    expect(withoutReceipt).toBeLessThanOrEqual(countFailedRuns());
  });

  it('are listed with their attempts, page by page', async () => {
    const [{ applicationId, endpointIds } = { applicationId: '', endpointIds: undefined }] = tenants;
    const listed: string[] = [];
    let iterator: string | null = null;
    do {
      const page = await svix.message.list(applicationId, { limit: 100, ...(iterator === null ? {} : { iterator }) });
      listed.push(...page.data.map(({ id }) => id));
      iterator = page.done ? null : (page.iterator ?? null);
    } while (iterator !== null);
    expect(listed.toSorted()).toEqual(
      posted
        .filter(({ tenant }) => tenant === 0)
        .map(({ messageId }) => messageId)
        .toSorted(),
    );
    const failed = await svix.messageAttempt.listByEndpoint(applicationId, endpointIds?.flaky ?? '', {
      limit: 10,
      status: 2,
    });
    expect(failed.data.map(({ responseStatusCode }) => responseStatusCode)).toEqual(
      Array.from({ length: 10 }, () => 500),
    );
  });
});
