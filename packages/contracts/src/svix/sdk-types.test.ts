import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SdkMisfits } from './sdk-types.ts';

const batches = { 'request.batchSize': '`batchSize` 1', 'request.maxWaitSecs': '`maxWaitSecs` 0' };
const operationalTypes = { 'request.eventTypes[]': '' };

/**
 * All differences between the types of the package and those of the contracts, and what docs/compatibility.md says about
 * each. The compiler refuses a difference that is not here, and one that is here and does not exist.
 */
const misfits: { readonly [Method in keyof SdkMisfits]: Readonly<Record<SdkMisfits[Method], string>> } = {
  'destination.create': batches,
  'destination.upsert': batches,
  'destination.patch': batches,
  // The package has texts, the contract has the names of the events that exist.
  'operationalWebhook.endpoint.create': operationalTypes,
  'operationalWebhook.endpoint.upsert': operationalTypes,
  // The package reads `to_modify`.
  'eventType.importOpenapi': { 'response.data.toModify': '' },
};

describe('the types of the svix package', () => {
  it('are those of the contracts, but for what docs/compatibility.md tells', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../../docs/compatibility.md'), 'utf8');
    for (const text of Object.values(misfits).flatMap((paths) => Object.values(paths))) expect(page).toContain(text);
  });
});
