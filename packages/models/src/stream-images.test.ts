import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { type Table, tableName } from '@posthorn/contracts';
import { timeOfId } from '@posthorn/core';
import { aMessage, anAttempt, aResend, ids, secondsLater } from '@posthorn/testing';
import { createAttemptRepository } from './attempts.ts';
import { createMessageRepository } from './messages.ts';
import type { Store } from './store.ts';
import { readAttemptImage, readMessageImage, type StreamImage, type StreamValue } from './stream-images.ts';
import { createTestStore } from './test-store.ts';

/** The rows of a table as in a stream event: JSON, with binary values in base64. */
async function readImages({ client, stage }: Store, table: Table): Promise<readonly StreamImage[]> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName(stage, table) }));
  return Items.map((item) =>
    Object.fromEntries(
      Object.entries(item).map(([name, value]): [string, StreamValue] =>
        value.B ? [name, { B: Buffer.from(value.B).toString('base64') }] : [name, { ...value } as StreamValue],
      ),
    ),
  );
}

async function imagesOf(write: (messages: ReturnType<typeof createMessageRepository>) => Promise<unknown>) {
  const store = await createTestStore('messages');
  await write(createMessageRepository(store));
  return readImages(store, 'messages');
}

it.each(['{"n": 9007199254740993}', JSON.stringify({ text: 'tooot \u{1F4EF} '.repeat(2_000) })])(
  'reads a message with its body as it was accepted',
  async (body) => {
    const message = aMessage({ body, channels: ['eu'], acceptedAt: secondsLater(0.001) });
    const [image = {}] = await imagesOf((messages) => messages.insert(message));
    const { organisationId, applicationId, messageId, eventType, channels, acceptedAt } = message;
    const fanOut = { organisationId, applicationId, messageId, eventType, channels, acceptedAt };
    const read = readMessageImage(image);
    expect(read).toEqual({ kind: 'message', message: fanOut, readBody: expect.any(Function) });
    expect(read.kind === 'message' && (await read.readBody?.())).toBe(body);
  },
);

it('reads which endpoint a message is for', async () => {
  const [image = {}] = await imagesOf((messages) => messages.insert(aMessage({ onlyTo: ids.endpoint })));
  expect(readMessageImage(image)).toMatchObject({ kind: 'message', message: { onlyTo: ids.endpoint } });
});

it('reads a message without its body when the body is stored in chunk rows, and reads those rows', async () => {
  const body = JSON.stringify(Array.from({ length: 120_000 }, (_, n) => Math.imul(n + 1, 2_654_435_761) >>> 0));
  const images = await imagesOf((messages) => messages.insert(aMessage({ body })));
  const isPart = ({ kind }: StreamImage) => kind?.S === 'chunk';
  const [image = {}] = images.filter((one) => !isPart(one));
  const read = readMessageImage(image);
  expect([read.kind, 'readBody' in read]).toEqual(['message', false]);
  expect(images.filter(isPart)).not.toHaveLength(0);
  for (const part of images.filter(isPart)) expect(readMessageImage(part)).toEqual({ kind: 'chunk' });
});

it('reads a relay', async () => {
  const [image = {}] = await imagesOf((messages) => messages.relay(aMessage()));
  const { applicationId, messageId } = aMessage();
  expect(readMessageImage(image)).toEqual({ kind: 'relay', applicationId, messageId });
});

it('reads a resend', async () => {
  const [image = {}] = await imagesOf((messages) => messages.insertResend(aResend()));
  expect(readMessageImage(image)).toEqual({ kind: 'resend', resend: aResend() });
});

describe('the image of an attempt', () => {
  const imageOf = async (overrides: Parameters<typeof anAttempt>[0]) => {
    const store = await createTestStore('attempts');
    await createAttemptRepository(store).record(anAttempt({ response: 'long '.repeat(2_000), ...overrides }));
    const [image = {}] = await readImages(store, 'attempts');
    return readAttemptImage(image);
  };
  const counted = {
    applicationId: ids.application,
    endpointId: ids.endpoint,
    eventType: anAttempt().eventType,
    plannedAt: timeOfId(anAttempt().attemptId),
    source: expect.stringMatching(`^${ids.endpoint}#\\d+$`),
    attemptedAt: anAttempt().attemptedAt,
    responseDurationMs: 40,
    wasCanceled: false,
  };

  it('has what statistics and health are derived from', async () => {
    expect(await imageOf({})).toEqual({ ...counted, succeeded: true });
  });

  it('says if the code of the endpoint’s owner canceled the message', async () => {
    expect(await imageOf({ responseStatusCode: 0 })).toEqual({ ...counted, succeeded: true, wasCanceled: true });
    expect(await imageOf({ responseStatusCode: 0, status: 'failed' })).toMatchObject({ wasCanceled: false });
  });

  it.each([
    { status: 'failed', next: { kind: 'retry', at: new Date('2026-01-01T00:05:00Z') } },
    { status: 'failed', next: { kind: 'exhausted' }, attemptNumber: 8, eventId: 'order-1' },
    { status: 'succeeded', attemptNumber: 5, eventId: 'order-1' },
  ] as const)('has what facts are derived from, if there can be some: %j', async (overrides) => {
    const { applicationId, endpointId, messageId, organisationId } = anAttempt();
    const { attemptId, attemptNumber, attemptedAt, next, responseStatusCode, trigger } = anAttempt(overrides);
    const { eventId } = anAttempt(overrides);
    const ids = { organisationId, applicationId, messageId, endpointId, attemptId, ...(eventId && { eventId }) };
    expect(await imageOf(overrides)).toEqual({
      ...counted,
      succeeded: overrides.status === 'succeeded',
      facts: { ...ids, attemptNumber, attemptedAt, next, responseStatusCode, trigger, status: overrides.status },
    });
  });
});

it.each([{}, { kind: { S: 'other' } }, { kind: { S: 'message' }, partition: { N: '1' } }])(
  'refuses an image that this package did not write: %j',
  (image) => {
    expect(() => readMessageImage(image)).toThrow('row has an invalid attribute');
    expect(() => readAttemptImage(image)).toThrow('row has an invalid attribute');
  },
);

it('reads a message with a damaged body, which shows when the body is read', async () => {
  const [image = {}] = await imagesOf((messages) => messages.insert(aMessage()));
  const read = readMessageImage({ ...image, body: { B: 'c2VjcmV0' } });
  await expect(read.kind === 'message' && read.readBody?.()).rejects.toThrow(/unexpected end/);
});
