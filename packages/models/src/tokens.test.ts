import { ids, nthId, secondsLater } from '@posthorn/testing';
import { describeTokenRepository } from '@posthorn/testing/contract/token-repository';
import { createIntegrationRepository } from './integrations.ts';
import { createTestStore } from './test-store.ts';
import { createTokenChecks } from './token-checks.ts';
import { createTokenRepository } from './tokens.ts';

describeTokenRepository('in DynamoDB', async (now) => {
  const store = await createTestStore('tokens');
  return {
    tokens: createTokenRepository({ ...store, now }),
    checks: createTokenChecks(store),
    integrations: createIntegrationRepository(store),
  };
});

it('lists more revoked tokens than fit into one answer of DynamoDB', async () => {
  const store = await createTestStore('tokens');
  const tokens = createTokenRepository(store);
  // An id can have any length up to that of a key. 1,200 of these are more than 1 MB.
  const long = (n: number) => `${nthId('token', n)}${'x'.repeat(900)}`;
  for (let n = 0; n < 1_200; n += 100)
    await Promise.all(Array.from({ length: 100 }, (_, i) => tokens.revoke({ tokenId: long(n + i) })));
  const checks = createTokenChecks(store);
  expect((await checks.listRevoked()).size).toBe(1_200);
  expect((await checks.findVersions()).revoked).toBe(1_200);
});

it('reads a state with one request, whatever the token is', async () => {
  const store = await createTestStore('tokens');
  const sent: string[] = [];
  const send = ((command: { readonly constructor: { readonly name: string } }) => {
    sent.push(command.constructor.name);
    // Any command may be sent.
    return store.client.send(command as never);
  }) as typeof store.client.send;
  const checks = createTokenChecks({ ...store, client: { send } as typeof store.client });
  await checks.findState(ids.application, { tokenId: ids.token, sessionId: 'a', expiresAt: secondsLater(1) });
  await checks.findState(ids.application, { tokenId: ids.token, integrationId: ids.integration });
  expect(sent).toEqual(['BatchGetItemCommand', 'BatchGetItemCommand']);
});
