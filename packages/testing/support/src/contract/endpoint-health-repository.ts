import type { Endpoint } from '@posthorn/core';
import type { EndpointHealth } from '@posthorn/core/endpoint/endpoint-health';
import type { EndpointHealthRepository } from '@posthorn/core/endpoint/endpoint-health-repository';
import { anEndpoint } from '../builders/endpoint.ts';
import { ids, nthId, secondsLater } from '../builders/ids.ts';

const failing: EndpointHealth = {
  failures: 3,
  failingSince: secondsLater(1),
  lastFailureAt: secondsLater(3),
  lastSuccessAt: secondsLater(0),
};
const draining: EndpointHealth = {
  failures: 0,
  breaker: { epoch: 7, openUntil: secondsLater(60), step: 2, drained: 1 },
  slowUntil: secondsLater(90),
};

/** What every store of endpoints' health promises. `create` gets the endpoints that exist. */
export function describeEndpointHealthRepository(
  name: string,
  create: (endpoints: readonly Endpoint[]) => Promise<EndpointHealthRepository>,
): void {
  describe(`the health of endpoints ${name}`, () => {
    it('is absent at first', async () => {
      const health = await create([anEndpoint()]);
      const stored = { organisationId: ids.organisation, disabled: false };
      expect(await health.find(anEndpoint(), 'latest')).toEqual(stored);
      expect(await health.find(anEndpoint(), 'recent')).toEqual(stored);
      expect(await health.find(anEndpoint({ endpointId: nthId('endpoint', 1) }), 'latest')).toBeUndefined();
    });

    it('is what was stored last', async () => {
      const health = await create([anEndpoint()]);
      expect(await health.replace(anEndpoint(), { previous: undefined, next: failing })).toBe('stored');
      expect((await health.find(anEndpoint(), 'latest'))?.health).toEqual(failing);
      expect(await health.replace(anEndpoint(), { previous: failing, next: draining })).toBe('stored');
      expect((await health.find(anEndpoint(), 'latest'))?.health).toEqual(draining);
    });

    it('is stored only over the one that was read', async () => {
      const health = await create([anEndpoint()]);
      expect(await health.replace(anEndpoint(), { previous: failing, next: draining })).toBe('changed');
      await health.replace(anEndpoint(), { previous: undefined, next: failing });
      expect(await health.replace(anEndpoint(), { previous: undefined, next: draining })).toBe('changed');
      expect(await health.replace(anEndpoint(), { previous: draining, next: draining })).toBe('changed');
      expect((await health.find(anEndpoint(), 'latest'))?.health).toEqual(failing);
    });

    it('is stored by one of many at once', async () => {
      const health = await create([anEndpoint()]);
      const answers = await Promise.all(
        [1, 2, 3, 4].map((failures) => health.replace(anEndpoint(), { previous: undefined, next: { failures } })),
      );
      expect(answers.toSorted()).toEqual(['changed', 'changed', 'changed', 'stored']);
    });

    it('is not stored for an endpoint that does not exist', async () => {
      const health = await create([]);
      expect(await health.replace(anEndpoint(), { previous: undefined, next: failing })).toBe('changed');
      expect(await health.find(anEndpoint(), 'latest')).toBeUndefined();
    });
  });
}
