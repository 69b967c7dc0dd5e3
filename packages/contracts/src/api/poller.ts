import * as z from 'zod/mini';
import { component, described } from './documentation.ts';
import { instant } from './fields.ts';
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
      'A JSON object, with the bytes that were sent. A raw payload that is no JSON object is its text.',
      z.unknown(),
    ),
    channels: z.nullable(z.array(z.string())),
    tags: z.nullable(z.array(z.string())),
    headers: described(
      'The content type of a raw payload that is not JSON. null otherwise.',
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

const pollQuery = z.object({
  limit: z.optional(pageLimit),
  iterator: z.optional(
    described('`iterator` of a response of this sink. Without one, from the oldest message that is kept.', z.string()),
  ),
  event_type: z.optional(described('Only messages of this event type.', z.string())),
  channel: z.optional(described('Only messages of this channel.', z.string())),
  after: z.optional(queryInstant),
});

const consumerPollQuery = z.object({
  limit: z.optional(pageLimit),
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

export const pollerOperations = defineOperations('poller', {
  'v1.message.poller.poll': {
    method: 'GET',
    path,
    access: 'application',
    capability,
    summary: 'Poll the messages of an application',
    query: pollQuery,
    answers: { 200: pollingEndpointOut },
  },
  'v1.message.poller.consumer-poll': {
    method: 'GET',
    path: `${path}/consumer/{consumer_id}`,
    access: 'application',
    capability,
    summary: 'Poll as a consumer of a sink',
    query: consumerPollQuery,
    answers: { 200: pollingEndpointOut },
  },
  'v1.message.poller.consumer-seek': {
    method: 'POST',
    path: `${path}/consumer/{consumer_id}/seek`,
    access: 'application',
    capability,
    summary: 'Let a consumer go on at another time',
    body: pollingEndpointConsumerSeekIn,
    answers: { 200: pollingEndpointConsumerSeekOut },
    answerNames: 'nothing',
  },
});
