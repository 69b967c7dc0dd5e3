import type { FailingEndpointOut } from '@posthorn/contracts/api/failing-endpoint';
import type { Endpoint, EndpointRepository, Page, PageRequest } from '@posthorn/core';

/**
 * Lists the endpoints of an application that fail now, of both modes. A page looks at as many endpoints as it may have
 * rows, so it can be short or empty although there are more.
 */
export const createFailingLister =
  ({ listAll }: Pick<EndpointRepository, 'listAll'>) =>
  async (applicationId: string, request: PageRequest): Promise<Page<FailingEndpointOut>> => {
    const page = await listAll(applicationId, request);
    const last = request.direction === 'forward' ? page.items.at(-1) : page.items[0];
    const resumeAt = page.resumeAt ?? last?.endpointId;
    const items = page.items.filter(isFailing).map(toFailingOut);
    return { items, done: page.done, ...(resumeAt !== undefined && { resumeAt }) };
  };

/** One that its owner has switched off keeps the health that it had, but gets no attempts that could fail. */
const isFailing = ({ disabled, autoDisabled, health }: Endpoint): boolean =>
  disabled ? autoDisabled === true : health !== undefined && health.failures > 0;

const toFailingOut = ({ endpointId, uid, url, order, disabled, health }: Endpoint): FailingEndpointOut => ({
  id: endpointId,
  uid: uid ?? null,
  url,
  type: order === undefined ? 'endpoint' : 'destination',
  disabled,
  failures: health?.failures ?? 0,
  failingSince: health?.failingSince?.toISOString() ?? null,
  probeAt: disabled ? null : (probeOf(health)?.toISOString() ?? null),
});

/** Absent while the held deliveries are being drained: the endpoint has recovered. */
const probeOf = (health: Endpoint['health']): Date | undefined =>
  health?.breaker?.drained === undefined ? health?.breaker?.openUntil : undefined;
