import { type BatchResultErrorEntry, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { PassingError, UnusableData } from '@posthorn/core';
import { type QueueEntry, type Sending, sendBatch } from './send-batch.ts';

type Respond = (bodies: readonly string[], request: number) => readonly Partial<BatchResultErrorEntry>[];

/** A queue that lists entries as failed, by their body in `Id`, or throws, as `respond` says. */
function aQueue(respond: Respond) {
  const requests: string[][] = [];
  const pauses: number[] = [];
  const send = async (command: unknown) => {
    if (!(command instanceof SendMessageBatchCommand)) throw new Error('another command');
    const { Entries = [] } = command.input;
    const bodies = Entries.map(({ MessageBody = '' }) => MessageBody);
    requests.push(bodies);
    const failed = respond(bodies, requests.length);
    return {
      Failed: failed.map((failure) => ({
        ...failure,
        Id: Entries.find(({ MessageBody }) => MessageBody === failure.Id)?.Id,
      })),
    };
  };
  const sending: Sending = {
    // Only `send` is used of a client.
    client: { send } as unknown as Sending['client'],
    findQueueUrl: async () => 'http://queue',
    pause: async (ms) => void pauses.push(ms),
  };
  return { sending, requests, pauses };
}
const entries = (...bodies: string[]): readonly QueueEntry[] => bodies.map((MessageBody) => ({ MessageBody }));
const awsError = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

describe('sendBatch', () => {
  it('sends nothing when there is nothing to send', async () => {
    const { sending, requests } = aQueue(() => []);
    expect(await sendBatch(sending, [])).toEqual(new Map());
    expect(requests).toEqual([]);
  });

  it('sends only the failed entries again, with growing pauses', async () => {
    const { sending, requests, pauses } = aQueue((_, request) => (request < 3 ? [{ Id: 'b', Code: 'X' }] : []));
    expect(await sendBatch(sending, entries('a', 'b'))).toEqual(new Map());
    expect(requests).toEqual([['a', 'b'], ['b'], ['b']]);
    expect(pauses).toEqual([100, 200]);
  });

  it('gives up after four requests, with a passing error', async () => {
    const { sending, requests } = aQueue(() => [{ Id: 'b', Code: 'InternalError', SenderFault: false }]);
    const unsent = await sendBatch(sending, entries('a', 'b', 'c'));
    expect(unsent).toEqual(new Map([[1, new PassingError('the queue did not accept the entry: InternalError')]]));
    expect(unsent.get(1)).toBeInstanceOf(PassingError);
    expect(requests).toHaveLength(4);
  });

  it('does not repeat an entry that the queue refuses for good', async () => {
    const { sending, requests } = aQueue(() => [{ Id: 'a', Code: 'InvalidParameterValue', SenderFault: true }]);
    const unsent = await sendBatch(sending, entries('a', 'b'));
    expect(unsent.get(0)).toEqual(new UnusableData('the queue refuses the entry: InvalidParameterValue'));
    expect(unsent.get(0)).toBeInstanceOf(UnusableData);
    expect([...unsent.keys()]).toEqual([0]);
    expect(requests).toEqual([['a', 'b']]);
  });

  it('repeats a throttled entry although SQS calls it a fault of the sender', async () => {
    const { sending, requests } = aQueue((_, request) =>
      request === 1 ? [{ Id: 'a', Code: 'KmsThrottled', SenderFault: true }] : [],
    );
    expect(await sendBatch(sending, entries('a'))).toEqual(new Map());
    expect(requests).toHaveLength(2);
  });

  it('leaves all entries unsent when the queue cannot be reached, and does not repeat the request', async () => {
    const error = awsError('ServiceUnavailable', 503);
    const { sending, requests } = aQueue(() => {
      throw error;
    });
    expect(await sendBatch(sending, entries('a', 'b'))).toEqual(
      new Map([
        [0, error],
        [1, error],
      ]),
    );
    expect(requests).toHaveLength(1);
  });

  it('sends the entries one by one when the request is refused because of one of them', async () => {
    const error = awsError('InvalidMessageContents', 400);
    const { sending, requests } = aQueue((bodies) => {
      if (bodies.includes('b')) throw error;
      return [];
    });
    expect(await sendBatch(sending, entries('a', 'b', 'c'))).toEqual(new Map([[1, error]]));
    expect(requests).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  });

  it('leaves all entries unsent when the queue cannot be found', async () => {
    const { sending, requests } = aQueue(() => []);
    const error = awsError('QueueDoesNotExist', 400);
    const unsent = await sendBatch({ ...sending, findQueueUrl: () => Promise.reject(error) }, entries('a', 'b'));
    expect([...unsent.values()]).toEqual([error, error]);
    expect(requests).toEqual([]);
  });
});
