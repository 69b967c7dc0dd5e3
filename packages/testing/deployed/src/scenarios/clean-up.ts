import { randomBytes } from 'node:crypto';
import { type AttributeValue, DeleteItemCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type Table, tableName } from '@posthorn/contracts';
import { emulatorRegion } from '../emulator/emulator.ts';
import { stage } from '../installation-under-test.ts';
import type { Context } from './context.ts';

type Item = Readonly<Record<string, AttributeValue>>;

const isCanceled = ({ state }: Item): boolean => state?.S?.endsWith('#canceled') === true;

export const describeCleanUp = (context: () => Context): void =>
  describe('what is left of something deleted', () => {
    const createClient = () =>
      new DynamoDBClient({
        endpoint: context().emulator.url,
        region: emulatorRegion,
        credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
      });
    /** The rows with this text in one of their attributes. */
    const rowsWith = async (table: Table, text: string): Promise<readonly Item[]> => {
      const { Items = [] } = await createClient().send(new ScanCommand({ TableName: tableName(stage, table) }));
      return Items.filter((item) => Object.values(item).some(({ S }) => S?.includes(text)));
    };

    it('is no waiting delivery of a deleted endpoint', async () => {
      const { createApplication, createEndpoint, receiver, postMessage, posthorn, arrivals, api } = context();
      await createApplication('left');
      const endpoint = await createEndpoint('left');
      receiver.respond('/left', () => ({ status: 500 }));
      await postMessage('left', { left: true });
      await posthorn.runUntil(
        async () => arrivals('left').length === 3 && (await rowsWith('due-deliveries', endpoint)).length === 1,
      );
      expect((await api('DELETE', `/app/left/endpoint/${endpoint}`)).status).toBe(204);
      // A wake may be left that looks once more.
      await posthorn.runUntil(async () => (await rowsWith('due-deliveries', endpoint)).every(({ kind }) => kind));
      await posthorn.runUntil(async () => (await rowsWith('deliveries', `${endpoint}#`)).every(isCanceled));
    });

    it('is no other row of a deleted message', async () => {
      const { createApplication, createEndpoint, postMessage, posthorn, arrivals } = context();
      await createApplication('large');
      await createEndpoint('large');
      // Too large for one item, also when it is deflated.
      const message = await postMessage('large', { text: randomBytes(350_000).toString('hex') });
      await posthorn.runUntil(() => arrivals('large').length === 1);
      const rows = await rowsWith('messages', message);
      expect(rows.length).toBeGreaterThan(1);
      const [own] = rows.filter(({ row }) => row?.S === message);
      await createClient().send(
        new DeleteItemCommand({
          TableName: tableName(stage, 'messages'),
          Key: { partition: { S: own?.partition?.S ?? '' }, row: { S: message } },
        }),
      );
      await posthorn.runUntil(async () => (await rowsWith('messages', message)).length === 0);
    });
  });
