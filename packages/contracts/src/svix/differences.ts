import { maxBodyDepth, maxBodyParts } from '../api/body-limits.ts';
import type { SdkMethod } from './sdk-methods.ts';

/** A behaviour that is not that of Svix, on purpose. */
interface Difference {
  readonly what: string;
  readonly why: string;
}

/** Every behaviour of the API that differs from Svix on purpose, by its topic. */
export const differences: Readonly<Record<string, readonly Difference[]>> = {
  'Requests and answers': [
    {
      what:
        'Unknown paths and methods have a JSON body (404, 405). So have all errors, 500 and 503 too. The code of an ' +
        'unknown path is `unknown_path`, that of a missing thing `not_found`.',
      why: 'SDKs parse the body, and fail on an empty one. The caller can tell a mistake in the path from a wrong id.',
    },
    {
      what:
        'On AWS, what API Gateway answers itself has the body `{"message": …}`: 413 above 10 MB, 400 for a malformed ' +
        'request, 429 above its own limits, and 500 or 503 if a function ends without an answer.',
      why: 'API Gateway does not let HTTP APIs change these bodies. They are JSON, and the status tells what happened.',
    },
    {
      what:
        'What only the open-source server has is an unknown path: `/health/ping`, `/auth/dashboard-access/…`, ' +
        '`/admin/…`, and the deprecated lists `/app/{app_id}/msg/{msg_id}/attempt` and ' +
        '`/app/{app_id}/msg/{msg_id}/endpoint/{endpoint_id}/attempt`.',
      why: 'No SDK calls them. `/health/live`, `app-portal-access` and the lists of attempts do the same.',
    },
    {
      what:
        'A path that ends with a slash gets 308 to the path without it, if the method is `GET` or `POST`. Other methods ' +
        'get 404 `unknown_path`.',
      why: 'For API Gateway these are two paths. Clients repeat a request by themselves, and may not have meant that path.',
    },
    {
      what: '`.` and `..` cannot be a uid, an `eventId`, or the name of an event type, a sink or a consumer (422).',
      why: 'HTTP clients take them for steps in a path: to delete the endpoint `..` would be to delete its application.',
    },
    {
      what: 'An outage is 503 `unavailable`, a fault of Posthorn is 500 `internal_error`. Svix has 500 for both.',
      why: 'The caller can tell whether to wait or to report it.',
    },
    {
      what:
        'A request body has at most 1 MiB (2 MiB in the open-source server). Beside the payload of a message, it has at ' +
        `most ${maxBodyParts.toLocaleString('en')} members, elements and brackets, and ${maxBodyDepth} objects and lists ` +
        'inside each other.',
      why:
        '1 MiB is the limit of the hosted service. Parsing hundreds of thousands of members would make all other callers ' +
        'wait. No list of a request reaches that: each has a lower limit of its own.',
    },
    {
      what:
        'Bytes that are not UTF-8, and members that are named `__proto__`, are 422. A payload may have such members, and ' +
        'so may fields that a message does not have.',
      why: 'They cannot be kept as they are, or change the program that reads them. The others are not read.',
    },
    {
      what: 'A 422 names fields as the request does (`throttleRate`, not `throttle_rate`), and lists at most 100 errors.',
      why: 'The caller finds the field. A body can be wrong in thousands of places.',
    },
    {
      what: 'A body with GET or DELETE is not read.',
      why: 'No such operation has one.',
    },
    {
      what: '`GET /health` is 200 with `{}`, or 503 with the reason. Svix lists the state of its database and queue.',
      why: 'Nobody without a token needs to know what Posthorn consists of.',
    },
  ],
  Applications: [
    {
      what:
        'The task that removes what is stored of a deleted application is listed as `application.purge_content`, and ' +
        'ends five minutes after the deletion at the earliest.',
      why: 'Svix has no kind of task for it. What was under way at the deletion must have ended.',
    },
    {
      what:
        'In a list of applications, those without endpoints are left out by `exclude_apps_with_no_endpoints` only. ' +
        'Destinations count as endpoints. A page looks at the endpoints of at most 500 applications, and ends early ' +
        'after it has read about 2,000 endpoints.',
      why: 'The other filters ask for what the endpoints are. A page must not read everything.',
    },
    {
      what:
        'Statistics of applications count full hours: `since` is rounded down, `until` up. Their result is shown by ' +
        '`GET /background-task/{id}` only, and has at most 4 MB.',
      why: 'Attempts are counted by the hour. A list of tasks with their results would not fit into an answer.',
    },
  ],
  Lists: [
    {
      what: '`limit` is 1 to 250. 0 and an empty one are 422.',
      why: 'A page without rows says nothing: both are mistakes of the caller.',
    },
    {
      what: 'A page can be short or empty while `done` is false. Continue with `iterator` until `done` is true.',
      why: 'A page ends after 2,000 rows are read for it, or at 5 MB, so that no list reads a whole table.',
    },
    {
      what: 'A list can be filtered by at most 250 event types.',
      why: 'DynamoDB limits the length of a filter.',
    },
    {
      what: 'The iterator of an event type whose name begins with `-` has `~` before it.',
      why: 'Otherwise it would mean the other direction.',
    },
  ],
  Tokens: [
    {
      what: 'Tokens are signed with HS256. Svix can be configured for six more algorithms.',
      why: 'One pinned algorithm leaves no choice to the sender of a token.',
    },
    {
      what: 'A token with a wrong prefix in `sub` or `org` is 401, not 400.',
      why: 'A token that names nobody is as good as none.',
    },
    {
      what: 'The link of portal access leads to `POSTHORN_PORTAL_URL`, or to the API reference.',
      why: 'Posthorn has no portal of its own.',
    },
    {
      what: '`capabilities` without `ViewBase` are 422. A read-only token sees secrets only if `capabilities` say so.',
      why: 'Svix says that `ViewBase` is always needed. A token that can do nothing is a mistake.',
    },
    {
      what: '`expireAll` does not end the keys of integrations.',
      why: 'They are ended by a new key, or with their integration. A customer who logs out must not stop a program.',
    },
    {
      what: 'When an application is deleted, its tokens are 401, even if its uid is used again.',
      why: 'A customer who was removed must not come back with an old token.',
    },
  ],
  'Message poller': [
    {
      what: 'A sink is any name. Its first poll makes it. Messages of before are not in it, whatever `after` says.',
      why: 'The SDK has no method that creates a sink. What no one polls costs nothing.',
    },
    {
      what: 'The first poll of an application takes two seconds longer, and its messages are written in one order then.',
      why: 'Only then no message can be passed over by a poll while it is still being written.',
    },
    {
      what:
        'A poll can be held back until there is a message (`wait`), and can begin behind the newest one ' +
        '(`start=newest`). Its answer says when to poll again (`x-poll-after-ms`).',
      why:
        'Svix has none of this. On one machine, a program gets a message at once, and seldom asks for nothing. On AWS, ' +
        'every poll is answered at once.',
    },
    {
      what: 'Messages come in the order in which they were stored, not in that of their timestamps.',
      why: 'A message can be stored later than one with a later timestamp. It must not be missed.',
    },
    {
      what:
        'A consumer acknowledges by the iterator of its last response. Without one, it gets the same messages again. An ' +
        'iterator from before a `seek` acknowledges nothing.',
      why: 'A consumer that dies loses nothing, and a `seek` is not undone by a poll that was under way.',
    },
    {
      what: 'An iterator is valid for its own sink or consumer. Any other is 422.',
      why: 'Going on at a wrong place would pass over messages without a word.',
    },
    {
      what: 'Expunged and expired messages are left out. A raw payload that is no JSON object is a JSON string.',
      why: 'There is nothing to process. A text keeps the bytes.',
    },
  ],
  'Idempotency keys': [
    {
      what:
        'A key counts for the operation, the organisation, the ids of the things in the path, and the query. The token ' +
        'and the spelling of the path do not count.',
      why: 'A request can be repeated with a renewed token, and a uid can be given to another thing later.',
    },
    {
      what: 'The first answer is repeated only while the thing that it names exists.',
      why: 'Otherwise the caller would get an id that leads nowhere.',
    },
  ],
  'Fields with two names': [
    {
      what:
        '`throttleRate` and `rateLimit`, `eventTypes` and `filterTypes`, `featureFlag` and `featureFlags`, `payload` and ' +
        '`data`: a request may have both. The value that differs from the stored one is the change. Two different new ' +
        'values are 422.',
      why: 'Responses have both names. So what was read can be changed and sent back.',
    },
  ],
  'Applications and endpoints': [
    {
      what:
        'A token cannot add an event type that its feature flags hide to an endpoint or a destination: 422, as for one ' +
        'that does not exist.',
      why: 'Otherwise a customer could subscribe to an event type that the customer cannot see.',
    },
    {
      what: 'Concurrent changes of one thing are all made. If they change the same field, the last one wins.',
      why: 'No change is lost.',
    },
    {
      what: 'The URL of an endpoint is https, unless `POSTHORN_ALLOW_HTTP` is `true`.',
      why: 'Messages and signatures are confidential.',
    },
    {
      what:
        'An application has at most 500 endpoints and destinations (`POSTHORN_MAX_ENDPOINTS`). One more is 400 ' +
        '`limit_reached`.',
      why: 'They are all read for each message.',
    },
    {
      what: 'A `PUT` with the uid of the path replaces what another request creates at the same time.',
      why: 'Both requests want the same. Svix answers one of them with 409.',
    },
    {
      what: '`send-example` sends to one endpoint, whatever its filters are, and answers 202 with the payload.',
      why: 'That is what it is for. The open-source server answers 200, and its filters still count.',
    },
    {
      what: 'An endpoint has at most 500 event types, and at most 64 KiB of headers.',
      why: 'An endpoint is one row of a table, which is read for each attempt.',
    },
    {
      what: 'A header in two spellings (`X-Key` and `x-key`) is 422, and patches compare names without case.',
      why: 'Both name the same header.',
    },
    {
      what: '`host`, `connection`, `expect`, `trailer`, `proxy-connection` and `webhook-…` cannot be headers either.',
      why: 'They would break the request or its signature.',
    },
    {
      what:
        'A rotation without a `key` gives a secret of the same kind as the present one. A rotation to a secret that still ' +
        'signs makes it the current one.',
      why: 'A receiver that verifies with a public key goes on doing so.',
    },
    {
      what:
        'In the statistics, `success` and `fail` count the attempts of the window. `pending`, `sending` and `canceled` ' +
        'count deliveries, whatever the window, up to about 10,000 each. `countsAreComplete` says whether that is all. An ' +
        'attempt that a transformation canceled counts as `success`.',
      why: 'An attempt that waits or was never made has no record: its delivery has one.',
    },
    {
      what: 'The `version` of an endpoint is always 1. In a request it is ignored, as every unknown field is.',
      why: 'It has no effect in Svix, and is no longer in the SDK. Older SDKs require it in answers.',
    },
    {
      what: '`throttleRate` is enforced. The open-source server stores it only.',
      why: 'The field promises it.',
    },
  ],
  'Messages and attempts in lists': [
    {
      what:
        '`tag` of a list of attempts compares with the tags of the messages. So nothing is found for a message that is no ' +
        'longer kept. A page ends after 1,000 attempts were looked at.',
      why: 'Tags are in the message alone: each attempt would pay for a copy.',
    },
    {
      what: '`before` and `after` of attempts compare with the `timestamp`, the order is that of the ids.',
      why: 'An id has the time for which the attempt was planned, which is never later.',
    },
    {
      what: 'An attempt is listed after it has ended: as 0, 2 or, if a transformation canceled it, 4.',
      why: 'What is not recorded yet may still change.',
    },
  ],
  'Recover and replay': [
    {
      what:
        '`recover` takes any time up to now, and any number of messages. Svix takes two weeks, the open-source server ' +
        '10,000 messages.',
      why: 'The work is cut into jobs. A long outage must not need several requests.',
    },
    {
      what:
        '`recover` begins deliveries again, with retries, also those that were canceled. The open-source server attempts ' +
        'each failed one once, without retries.',
      why: 'One more failure must not end what someone has asked for.',
    },
    {
      what: '`recover` and both replays of a disabled endpoint are 409. Svix accepts them, and sends nothing.',
      why: 'The caller learns that it must be enabled first.',
    },
    {
      what:
        '`replay-missing` looks back 30 days at most (`POSTHORN_SUCCESS_RETENTION_DAYS`), unless the endpoint is younger. ' +
        'Another `since` is 400.',
      why: 'Further back it is not known which messages the endpoint got.',
    },
  ],
  Deliveries: [
    {
      what: 'A request has the headers `webhook-…` and `svix-…`. Svix sends one kind.',
      why: 'A receiver can use either library.',
    },
    {
      what:
        'An attempt has 15 seconds, until its answer is complete. In the open-source server it has 30 until the headers ' +
        'of the answer, and the body may take any time.',
      why: 'An answer that drips would keep a worker. 15 seconds are those of the hosted service.',
    },
    {
      what:
        'A 2xx answer is a failure if it ends too early: before its body, or 20,000 bytes of it, have come. A compressed ' +
        'answer is stored as it came.',
      why: 'What the receiver meant to answer is not known. To unpack a small answer can take any amount of memory.',
    },
    {
      what: '410 disables the endpoint at once. For the open-source server it is a failure like any other.',
      why: 'Standard Webhooks says so: the endpoint is gone.',
    },
    {
      what:
        '429, 502, 503 and 504 double the next wait. A `Retry-After` with 429 or 503 is kept, up to a day. Svix waits ' +
        'twice as long as planned at most.',
      why: 'An endpoint that is overloaded says what it needs.',
    },
    {
      what:
        'After ten failures in a row over ten seconds, deliveries to an endpoint are held, and one of them is tried from ' +
        'time to time. Svix attempts each by its own schedule.',
      why: 'An endpoint that is down takes no room from others, and no message uses up its retries meanwhile.',
    },
    {
      what:
        'An endpoint is disabled if it has failed for five days without a success. In Svix, the retries of one message must ' +
        'be exhausted, and five days later those of another one.',
      why: 'Messages that are held do not exhaust their retries.',
    },
    {
      what: 'An endpoint gets no message that was accepted before it was created.',
      why: 'Fan-out comes after the answer. Without this rule, what arrives would depend on how busy Posthorn is.',
    },
    {
      what:
        'Retry schedules can be set for the installation, the organisation, an event type and an endpoint. The ' +
        'open-source server has one for all.',
      why: 'Receivers differ in how long they are away.',
    },
  ],
  'Event types': [
    {
      what:
        'A description has at most 16,384 characters, schemas have at most 256 KiB, and there are at most 50 feature ' +
        'flags.',
      why: 'An event type is one row of a table, which holds 400 KB.',
    },
    {
      what: 'A schema has at most 8,192 characters of regular expressions. They are matched in linear time.',
      why: 'An expression of one organisation must not keep all the others waiting.',
    },
    {
      what: 'Messages must fit the schema of their event type only where that is switched on (`/enforcement`).',
      why: 'The switch of the hosted service is not in its API.',
    },
    {
      what: 'Schemas are checked as JSON Schema of draft 7, whatever `$schema` says. Later keywords are kept as they are.',
      why: 'Draft 7 is that of Svix. A schema that was written for a later one is still of use.',
    },
    {
      what: '`DELETE` with `expunge=true` also removes the retry schedule. Without, it may be repeated.',
      why: 'A new event type of that name must not inherit it. A repeated request has the same result.',
    },
    {
      what: 'A token of an application sees the event types with at least one flag that it holds. `[]` means no flag.',
      why: 'An event type can have several flags.',
    },
  ],
  Messages: [
    {
      what: 'A payload that is not a JSON object (a raw text) is shown as `{}`. Svix shows it as expired.',
      why: 'It has not expired, and SDKs require an object.',
    },
    {
      what:
        'An expired message is 404, and its `eventId` can be used again: `payloadRetentionPeriod` and ' +
        '`payloadRetentionHours` are of the whole message. Both together are 422.',
      why: 'All of a message is removed together. Svix keeps its rows for ever.',
    },
    {
      what: '`precheck/active` counts every endpoint that is enabled and whose filters match, also one that keeps failing.',
      why: 'It gets the message when it has recovered.',
    },
    {
      what: '`transformationsParams` has only `rawPayload`, and `headers` with a `content-type` for it. Anything else is 422.',
      why: 'Svix hands the others to transformations. Here they do not get them, and nothing is dropped silently.',
    },
    {
      what: '`deliverAt` may be any time up to 24 hours ahead. A time that has passed means at once; a day ago is 422.',
      why: 'The hosted service wants at least a minute. But a request can be repeated, and clocks differ.',
    },
  ],
  Transformations: [
    {
      what:
        'Code gets neither the headers that are never shown again, nor the user and password of the URL. They are added ' +
        'after it, if the request still goes to the origin of the endpoint.',
      why: 'Who may change code may not always read credentials, and what code throws is shown in attempts.',
    },
    {
      what:
        'A run has 100 ms of CPU and 32 MB of memory. After one that does not end at its limit, no code of its ' +
        'application is run for a minute: the attempts fail.',
      why: 'Tenants share the threads that run code.',
    },
  ],
  'Operational webhooks': [
    {
      what: 'There is no `message.attempt.log`, and there are no types of ingest. An endpoint that asks for them is 422.',
      why: 'It would wait for something that never comes.',
    },
    {
      what: 'Changes of headers and of destinations are told too.',
      why: 'They change what is sent. A destination is an endpoint.',
    },
    {
      what: 'A finished task of statistics is told without its result.',
      why: 'It can be larger than a message. `GET /background-task/{task_id}` has it.',
    },
  ],
  'Export and import': [
    {
      what: 'The only setting is `retrySchedule`, and `connectors` is empty. Other settings and connectors are 422.',
      why: 'They do not exist here, and nothing is dropped silently.',
    },
    {
      what: 'Absent fields of an imported event type are cleared.',
      why: 'The result does not depend on what was there before.',
    },
    {
      what:
        'An import takes 1,800 event types, and what each request body may have: 1 MiB. An export can have 5 MB. Import a ' +
        'larger one in parts: nothing is deleted.',
      why: 'Each event type is a write of its own, and one request must not hold up others.',
    },
  ],
  Destinations: [
    {
      what: '`batchSize` must be 1 and `maxWaitSecs` 0.',
      why: 'Each message is sent by itself: a batch would make one bad message hold up the others.',
    },
    {
      what: '`currentIterator` is always empty.',
      why: 'Messages are pushed to a destination. The poller has iterators.',
    },
    {
      what: '`metadata.orderBy` and `metadata.onExhausted` are options of the order.',
      why: 'The API of Svix has no fields for them.',
    },
    {
      what: 'The only `type` is `fifoEndpoint`. Its secret, headers and statistics are at `/endpoint/{id}/…`.',
      why: 'The other types are those of streaming. The SDK has no methods for the secret of a destination.',
    },
    {
      what: 'A destination is blocked, group by group, by a message whose retries are exhausted.',
      why: 'Groups are independent: one bad message does not stop all the others.',
    },
  ],
};

const destinationGap =
  'The only `type` is `fifoEndpoint`, `batchSize` must be 1, and `maxWaitSecs` 0 ([why](#destinations)).';
const destinationOutGap =
  '`type` is always `fifoEndpoint`, `batchSize` 1, `maxWaitSecs` 0, and `currentIterator` empty ([why](#destinations)).';

/** What a method that is served does not do. Fields that it does not read are found by themselves. */
export const gaps: Partial<Readonly<Record<SdkMethod, string>>> = {
  'destination.list': destinationOutGap,
  'destination.get': destinationOutGap,
  'destination.create': destinationGap,
  'destination.upsert': destinationGap,
  'destination.patch': destinationGap,
  'environment.import':
    'The only setting is `retrySchedule`, and `connectors` must be empty ([why](#export-and-import)).',
};
