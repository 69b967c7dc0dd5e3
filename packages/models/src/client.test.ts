import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { testClient } from './test-store.ts';

const synSentAgainMs = 1_000;

it('waits for a connection until a lost SYN was sent again, and answered', async () => {
  await testClient.send(new ListTablesCommand());
  // Its type allows for handlers that have no settings; the client's own has.
  const { requestHandler } = testClient.config as unknown as { requestHandler: { httpHandlerConfigs(): object } };
  const settings = requestHandler.httpHandlerConfigs();
  expect(settings).toEqual(expect.objectContaining({ connectionTimeout: expect.any(Number) }));
  expect((settings as { connectionTimeout: number }).connectionTimeout).toBeGreaterThanOrEqual(2 * synSentAgainMs);
});
