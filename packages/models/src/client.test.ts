import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { testClient } from './test-store.ts';

const synSentAgainMs = 1_000;

it('waits long enough for a connection that a lost SYN can be sent again and answered', async () => {
  await testClient.send(new ListTablesCommand());
  // The type allows request handlers without settings, but the client's own handler has them.
  const { requestHandler } = testClient.config as unknown as { requestHandler: { httpHandlerConfigs(): object } };
  const settings = requestHandler.httpHandlerConfigs();
  expect(settings).toEqual(expect.objectContaining({ connectionTimeout: expect.any(Number) }));
  expect((settings as { connectionTimeout: number }).connectionTimeout).toBeGreaterThanOrEqual(2 * synSentAgainMs);
});
