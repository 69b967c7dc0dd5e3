import { randomUUID } from 'node:crypto';
import { ApiException, type Svix } from 'svix';
import type { Expectation, Subscribed } from '../history/event.ts';
import { type Behaviour, type EndpointPlan, toPath } from '../receiver/path.ts';

/** An endpoint of each tenant. */
export interface WantedEndpoint {
  readonly name: string;
  readonly order: Subscribed['order'];
  readonly behaviour: Behaviour;
  /** How many requests for each message are not accepted. All if absent. */
  readonly times?: number;
  readonly expects: Expectation;
  /** Another address than the receiver's, without a path. */
  readonly origin?: string;
}

export interface Tenant {
  readonly applicationId: string;
  readonly endpoints: readonly Subscribed[];
}

export interface TenantsWanted {
  readonly tenants: number;
  readonly endpoints: readonly WantedEndpoint[];
  readonly receiverUrl: string;
}

/** Creates applications with the same endpoints each. */
export const prepareTenants = (svix: Svix, wanted: TenantsWanted): Promise<readonly Tenant[]> =>
  Promise.all(Array.from({ length: wanted.tenants }, (_, tenant) => prepareTenant(svix, wanted, tenant)));

async function prepareTenant(svix: Svix, { endpoints, receiverUrl }: TenantsWanted, tenant: number): Promise<Tenant> {
  const { id: applicationId } = await untilAnswered((key) =>
    svix.application.create({ name: `Tenant ${tenant}` }, { idempotencyKey: key }),
  );
  const subscribed = endpoints.map(async (wanted): Promise<Subscribed> => {
    const { name, behaviour, times, order, expects, origin = receiverUrl } = wanted;
    const plan: EndpointPlan = { tenant, name, behaviour, ...(times !== undefined && { times }) };
    const path = toPath(plan);
    const { id: endpointId } = await createEndpoint(svix, { applicationId, url: `${origin}${path}`, order });
    return { kind: 'subscribed', applicationId, endpointId, path, order, expects };
  });
  return { applicationId, endpoints: await Promise.all(subscribed) };
}

const createEndpoint = (
  svix: Svix,
  { applicationId, url, order }: { applicationId: string; url: string; order: Subscribed['order'] },
): Promise<{ readonly id: string }> =>
  untilAnswered(
    async (idempotencyKey): Promise<{ readonly id: string }> =>
      order === 'none'
        ? svix.endpoint.create(applicationId, { url }, { idempotencyKey })
        : svix.destination.create(
            applicationId,
            { type: 'fifoEndpoint', config: { url }, metadata: order === 'key' ? { orderBy: '$.key' } : {} },
            { idempotencyKey },
          ),
  );

const mostTries = 20;

/** Repeats a call that fails for a reason that passes, with the same idempotency key. */
async function untilAnswered<Result>(call: (idempotencyKey: string) => Promise<Result>): Promise<Result> {
  const key = randomUUID();
  for (let tries = 1; ; tries += 1) {
    try {
      return await call(key);
    } catch (error) {
      const mayPass = !(error instanceof ApiException) || error.code >= 500 || error.code === 409;
      if (!mayPass || tries === mostTries) throw error;
    }
  }
}
