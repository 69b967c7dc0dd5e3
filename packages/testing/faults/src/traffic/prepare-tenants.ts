import { randomUUID } from 'node:crypto';
import { ApiException, type Svix } from 'svix';
import type { Subscribed } from '../history/event.ts';
import { type Behaviour, type EndpointPlan, toPath } from '../receiver/path.ts';

/** An endpoint of each tenant. */
export interface WantedEndpoint extends Pick<Subscribed, 'order' | 'onExhausted' | 'perSecond' | 'expects'> {
  readonly name: string;
  readonly behaviour: Behaviour;
  /** How many requests for each message are not accepted. All if absent. */
  readonly times?: number;
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
    const { name, behaviour, times, origin = receiverUrl, ...known } = wanted;
    const plan: EndpointPlan = { tenant, name, behaviour, ...(times !== undefined && { times }) };
    const path = toPath(plan);
    const { id: endpointId } = await createEndpoint(svix, { applicationId, url: `${origin}${path}`, ...known });
    return { kind: 'subscribed', applicationId, endpointId, path, ...known };
  });
  return { applicationId, endpoints: await Promise.all(subscribed) };
}

interface NewEndpoint extends Pick<Subscribed, 'order' | 'onExhausted' | 'perSecond'> {
  readonly applicationId: string;
  readonly url: string;
}

const createEndpoint = (
  svix: Svix,
  { applicationId, url, order, onExhausted, perSecond }: NewEndpoint,
): Promise<{ readonly id: string }> =>
  untilAnswered(async (idempotencyKey): Promise<{ readonly id: string }> => {
    if (order === 'none') {
      const endpoint = { url, ...(perSecond !== undefined && { throttleRate: perSecond }) };
      return svix.endpoint.create(applicationId, endpoint, { idempotencyKey });
    }
    const metadata = { ...(order === 'key' && { orderBy: '$.key' }), ...(onExhausted && { onExhausted }) };
    const destination = { type: 'fifoEndpoint', config: { url }, metadata } as const;
    return svix.destination.create(applicationId, destination, { idempotencyKey });
  });

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
