import * as z from 'zod/mini';
import { component, described, writtenAs } from './documentation.ts';
import { instant, nameInPath } from './fields.ts';
import { defineOperations } from './operation.ts';
import { pageLimit, queryInstant, requestInstant } from './paging.ts';

/** A message as a poll returns it. */
const pollingEndpointMessageOut = component(
  'PollingEndpointMessageOut',
  z.object({
    id: z.string(),
    eventId: z.nullable(z.string()),
    eventType: z.string(),
    payload: described(
      'A JSON object, with the bytes that were sent. A raw payload that is no JSON object is its text, or the text in ' +
        'base64 if `headers` say so.',
      z.unknown(),
    ),
    channels: z.nullable(z.array(z.string())),
    tags: z.nullable(z.array(z.string())),
    headers: described(
      'The content type of a raw payload that is not JSON. null otherwise. A text that would be longer than 4,000,000 ' +
        'characters with its escapes also has `content-transfer-encoding: base64`.',
      z.nullable(z.record(z.string(), z.string())),
    ),
    timestamp: instant,
    deliverAt: described('A message is returned at once, even if it is to be delivered later.', z.nullable(instant)),
  }),
);
export type PollingEndpointMessageOut = z.output<typeof pollingEndpointMessageOut>;

const pollingEndpointOut = component(
  'PollingEndpointOut',
  z.object({
    data: z.array(pollingEndpointMessageOut),
    iterator: described('Goes on behind the last message. There is always one.', z.string()),
    done: described('There are no more messages at the moment. Without it, poll again at once.', z.boolean()),
  }),
);

const pollingEndpointConsumerSeekIn = component(
  'PollingEndpointConsumerSeekIn',
  z.object({
    after: described(
      'The consumer goes on with the first message that was accepted at this time or later.',
      requestInstant(),
    ),
  }),
);

const pollingEndpointConsumerSeekOut = component('PollingEndpointConsumerSeekOut', z.object({ iterator: z.string() }));

/** The longest that the server may hold a poll, in seconds. API Gateway waits 30 s, and a function of it is ended earlier. */
export const maxPollWaitSeconds = 25;

const pollWait = described(
  'How many seconds the response may be held back until there is a message. On AWS it is never held back. ' +
    '`x-poll-after-ms` says when to poll again.',
  writtenAs(
    { type: 'integer', minimum: 0, maximum: maxPollWaitSeconds, default: 0 },
    z.pipe(
      z
        .string()
        .check(z.regex(/^(?:\d|1\d|2[0-5])$/, { error: `must be a whole number from 0 to ${maxPollWaitSeconds}` })),
      z.transform(Number),
    ),
  ),
);

/** When to poll again, in milliseconds: more is there or the next poll is held, messages are coming, and it is quiet. */
export const pollAfterMs = { atOnce: 0, soon: 250, later: 2_000 } as const;

/** The header with the number of milliseconds. */
export const pollAfterHeader = 'x-poll-after-ms';

const pollAnswerHeaders = {
  [pollAfterHeader]: {
    description: 'After how many milliseconds to poll again.',
    schema: { type: 'integer', enum: Object.values(pollAfterMs) },
  },
};

const pollQuery = z.object({
  limit: z.optional(pageLimit),
  wait: z.optional(pollWait),
  iterator: z.optional(
    described(
      '`iterator` of a response of this sink. Without one, `after` or `start` says where to begin.',
      z.string(),
    ),
  ),
  event_type: z.optional(described('Only messages of this event type.', z.string())),
  channel: z.optional(described('Only messages of this channel.', z.string())),
  after: z.optional(queryInstant),
  start: z.optional(
    described(
      'Where to begin without `iterator` and `after`: at the oldest message that is kept (the default), or behind the ' +
        'newest one.',
      z.enum(['oldest', 'newest']),
    ),
  ),
});

const consumerPollQuery = z.object({
  limit: z.optional(pageLimit),
  wait: z.optional(pollWait),
  iterator: z.optional(
    described(
      '`iterator` of a response of this consumer. It acknowledges the messages of that response. Without one, the ' +
        'messages that are not acknowledged come again.',
      z.string(),
    ),
  ),
});

const path = '/api/v1/app/{app_id}/poller/{sink_id}';
/** The first poll puts the messages of the application in order, and a consumer's poll acknowledges messages. */
const capability = 'ManageEndpoint';
const newNames = { sink_id: nameInPath, consumer_id: nameInPath };

export const pollerOperations = defineOperations('poller', {
  'v1.message.poller.poll': {
    method: 'GET',
    path,
    access: 'application',
    capability,
    summary: 'Poll the messages of an application',
    newNames: { sink_id: nameInPath },
    query: pollQuery,
    answerHeaders: pollAnswerHeaders,
    answers: { 200: pollingEndpointOut },
  },
  'v1.message.poller.consumer-poll': {
    method: 'GET',
    path: `${path}/consumer/{consumer_id}`,
    access: 'application',
    capability,
    summary: 'Poll as a consumer of a sink',
    newNames,
    query: consumerPollQuery,
    answerHeaders: pollAnswerHeaders,
    answers: { 200: pollingEndpointOut },
  },
  'v1.message.poller.consumer-seek': {
    method: 'POST',
    path: `${path}/consumer/{consumer_id}/seek`,
    access: 'application',
    capability,
    summary: 'Let a consumer go on at another time',
    newNames,
    body: pollingEndpointConsumerSeekIn,
    answers: { 200: pollingEndpointConsumerSeekOut },
    answerNames: 'nothing',
  },
});
