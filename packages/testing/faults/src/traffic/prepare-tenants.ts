import type { Svix } from 'svix';
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
  const { id: applicationId } = await svix.application.create({ name: `Tenant ${tenant}` });
  const subscribed = endpoints.map(async (wanted): Promise<Subscribed> => {
    const { name, behaviour, times, order, expects, origin = receiverUrl } = wanted;
    const plan: EndpointPlan = { tenant, name, behaviour, ...(times !== undefined && { times }) };
    const path = toPath(plan);
    const endpointId = await createEndpoint(svix, { applicationId, url: `${origin}${path}`, order });
    return { kind: 'subscribed', applicationId, endpointId, path, order, expects };
  });
  return { applicationId, endpoints: await Promise.all(subscribed) };
}

async function createEndpoint(
  svix: Svix,
  { applicationId, url, order }: { applicationId: string; url: string; order: Subscribed['order'] },
): Promise<string> {
  if (order === 'none') return (await svix.endpoint.create(applicationId, { url })).id;
  const { id } = await svix.destination.create(applicationId, {
    type: 'fifoEndpoint',
    config: { url },
    metadata: order === 'key' ? { orderBy: '$.key' } : {},
  });
  return id;
}
