import type {
  destinationTransformationOperations,
  endpointTransformationOperations,
} from '@posthorn/contracts/api/transformation';
import type { ApplicationRepository, EndpointRepository } from '@posthorn/core';
import { createApplicationFinder } from '../applications/find-application.ts';
import { json, noContent } from '../http/answer.ts';
import type { Operates } from '../operations/operate.ts';
import {
  type ChangeTransformationDeps,
  createTransformationChanger,
  toTransformationOut,
} from './change-transformation.ts';
import { createEndpointFinder } from './find-endpoint.ts';

export interface TransformationApiDeps extends ChangeTransformationDeps {
  readonly applications: Pick<ApplicationRepository, 'find'>;
  readonly endpoints: Pick<EndpointRepository, 'find' | 'update'>;
}

/** The code of an endpoint's owner that changes what it gets. */
export function transformationOfEndpoint(deps: TransformationApiDeps) {
  const find = createEndpointFinder(finderDeps(deps), 'endpoint_id', 'standard');
  const change = createTransformationChanger(deps);
  return {
    'v1.endpoint.transformation-get': async (request) =>
      json(200, await toTransformationOut(deps.seal, (await find(request)).endpoint)),
    'v1.endpoint.patch-transformation': async (request) => {
      const read = async () => (await find(request)).endpoint;
      await change({ read, patch: request.body, now: request.now });
      return noContent();
    },
  } satisfies Operates<typeof endpointTransformationOperations>;
}

/** The same for an endpoint in FIFO mode. */
export function transformationOfDestination(deps: TransformationApiDeps) {
  const find = createEndpointFinder(finderDeps(deps), 'destination_id', 'fifo');
  const change = createTransformationChanger(deps);
  return {
    'v1.destination.transformation-get': async (request) => {
      const { code, enabled } = await toTransformationOut(deps.seal, (await find(request)).endpoint);
      return json(200, { code, enabled });
    },
    'v1.destination.transformation-patch': async (request) => {
      const read = async () => (await find(request)).endpoint;
      const { code } = request.body;
      // There is no switch of its own.
      const patch = code === undefined ? {} : { code, enabled: code !== null };
      await change({ read, patch, now: request.now });
      return json(200, {});
    },
  } satisfies Operates<typeof destinationTransformationOperations>;
}

const finderDeps = ({ applications, endpoints }: TransformationApiDeps) => ({
  findApplication: createApplicationFinder(applications),
  endpoints,
});
