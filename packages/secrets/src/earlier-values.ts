import type { SealContext } from '@posthorn/core';
import type { KeyMemory } from './key-memory.ts';
import type { KeyWrapping, WrappingContext } from './key-wrapping.ts';
import { decrypt, textOfContext } from './sealing.ts';

/** Opens the part of a sealed value behind its version. */
export type OpenEarlier = (sealed: string, context: SealContext) => Promise<Buffer>;

/** Values of the first version on one machine are encrypted with the master key itself. */
export const createOpenLocalValue =
  (masterKey: () => Promise<Uint8Array>): OpenEarlier =>
  async (sealed, context) =>
    decrypt(sealed, { key: await masterKey(), boundTo: textOfContext(context) });

/** Values of the first version under KMS each have a data key of their own, which stands wrapped before them. */
export const createOpenKmsValue =
  (wrapping: KeyWrapping, memory: KeyMemory): OpenEarlier =>
  async (sealed, context) => {
    const [wrapped = '', encrypted = ''] = sealed.split('.');
    const boundTo = textOfContext(context);
    const unwrap = () => wrapping.unwrap(wrapped, wrappingContextOf(context));
    const key = (await memory.find(JSON.stringify([wrapped, boundTo]), unwrap)) ?? new Uint8Array();
    return decrypt(encrypted, { key, boundTo });
  };

const wrappingContextOf = (context: SealContext): WrappingContext =>
  'endpointId' in context
    ? { organisationId: context.organisationId, endpointId: context.endpointId }
    : { organisationId: context.organisationId, requestKey: context.requestKey };
