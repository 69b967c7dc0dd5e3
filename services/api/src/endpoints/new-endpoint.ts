import type { Application, Endpoint } from '@posthorn/core';
import type { RandomBytes } from '../storing/random-bytes.ts';
import { randomSecret, readSecret } from './given-secret.ts';
import { type GivenHeaders, type Seal, sealHeaders } from './sealed-headers.ts';

export interface NewEndpointDeps {
  readonly seal: Pick<Seal, 'seal'>;
  readonly randomBytes: RandomBytes;
}

/** The fields that a caller sets, except secret and headers. */
export type EndpointContent = Omit<
  Endpoint,
  | 'organisationId'
  | 'applicationId'
  | 'endpointId'
  | 'secrets'
  | 'sealedHeaders'
  | 'revision'
  | 'createdAt'
  | 'updatedAt'
>;

interface NewEndpoint {
  readonly application: Pick<Application, 'organisationId' | 'applicationId'>;
  readonly endpointId: string;
  readonly content: EndpointContent;
  /** `loc` is the place of the secret in the request, for the error if it is not valid. */
  readonly secret: { readonly text: string | null | undefined; readonly loc: readonly string[] };
  readonly headers: GivenHeaders;
  readonly now: Date;
}

/** A new endpoint. Its secret is the given one or a random one, and is sealed. */
export async function newEndpoint({ seal, randomBytes }: NewEndpointDeps, request: NewEndpoint): Promise<Endpoint> {
  const { application, endpointId, content, secret, headers, now } = request;
  const { organisationId, applicationId } = application;
  const key = secret.text == null ? randomSecret(randomBytes) : readSecret(secret.text, secret.loc);
  const context = { organisationId, endpointId };
  return {
    applicationId,
    ...context,
    ...content,
    ...(await sealHeaders(seal, headers, context)),
    secrets: [{ sealedKey: await seal.seal(key, context) }],
    revision: 1,
    createdAt: now,
    updatedAt: now,
  };
}
