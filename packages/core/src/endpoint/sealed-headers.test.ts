import { UnusableData } from '../batch/unusable-data.ts';
import { openHeaders } from './sealed-headers.ts';

const endpoint = { organisationId: 'org_1', endpointId: 'ep_1', url: 'https://example.com' };
const opening = (text: string) => ({ open: async () => text });

describe('openHeaders', () => {
  it('returns none for an endpoint that has none, without opening anything', async () => {
    expect(await openHeaders({ open: () => Promise.reject(new Error('opened')) }, endpoint)).toEqual({});
  });

  it('opens the headers for their endpoint, and passes nothing else of it', async () => {
    const contexts: object[] = [];
    const open = async (_: string, context: object) => {
      contexts.push(context);
      return '{"X-Tenant":"acme"}';
    };
    expect(await openHeaders({ open }, { ...endpoint, sealedHeaders: 'sealed' })).toEqual({ 'X-Tenant': 'acme' });
    expect(contexts).toEqual([{ organisationId: 'org_1', endpointId: 'ep_1' }]);
  });

  it.each(['no json', 'null', '1', '"text"', '["a"]', '{"a":1}', '{"a":"b","c":null}'])(
    'refuses the text %s, and does not repeat it',
    async (text) => {
      const opened = openHeaders(opening(text), { ...endpoint, sealedHeaders: 'sealed' });
      await expect(opened).rejects.toThrow(UnusableData);
      await expect(opened).rejects.toThrow('the sealed headers of the endpoint are not a map of texts');
    },
  );
});
