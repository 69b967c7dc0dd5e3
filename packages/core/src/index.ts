export type { AcceptingApplication, Application, ApplicationContent } from './application/application.ts';
export type { ApplicationRepository } from './application/application-repository.ts';
export { newApplication } from './application/new-application.ts';
export type { Attempt, AttemptOutcome, AttemptResult, EndpointWish, UnreachableReason } from './attempt/attempt.ts';
export { attemptTimeoutMs, expungedResponse, maxResponseBytes } from './attempt/attempt.ts';
export type { AttemptFact, FactAttempt } from './attempt/attempt-facts.ts';
export { attemptFactsOf, mayHaveFacts } from './attempt/attempt-facts.ts';
export { attemptIdRangeOf } from './attempt/attempt-id-range.ts';
export type { AttemptQuery, AttemptRepository, MessageAttemptQuery } from './attempt/attempt-repository.ts';
export type { AttemptStatusFilter } from './attempt/attempt-result.ts';
export { hasStatus, wasCanceledByCode } from './attempt/attempt-result.ts';
export type { AttemptRetention } from './attempt/attempt-retention.ts';
export { defaultAttemptRetention } from './attempt/attempt-retention.ts';
export type { NextStep } from './attempt/next-step.ts';
export { decideOnFailure, maxReceivesOfFaultyJob } from './batch/decide-on-failure.ts';
export type { RunDecision, UnendedRuns } from './batch/decide-run.ts';
export { decideRun, notedReceives } from './batch/decide-run.ts';
export { BusyError, isOutOfSpace, isPassingError, PassingError } from './batch/passing-error.ts';
export type { DecodedRecord, RecordPlace, RowChange } from './batch/row-change.ts';
export { type BatchProgress, type BatchRun, runInGroupOrder } from './batch/run-in-group-order.ts';
export { runInKeyOrder } from './batch/run-in-key-order.ts';
export type { Failure } from './batch/run-together-or-apart.ts';
export { runTogetherOrApart } from './batch/run-together-or-apart.ts';
export { reasonOf } from './batch/set-aside-reason.ts';
export { UnusableData } from './batch/unusable-data.ts';
export type { Clock } from './clock.ts';
export { attemptIdOf, firstAttemptIdOf } from './delivery/attempt-id.ts';
export { decideNext, needsSchedule } from './delivery/decide-next.ts';
export type { Delivery } from './delivery/delivery.ts';
export {
  attemptInSchedule,
  begunAgain,
  delaySecondsOf,
  deliveryIdOf,
  dueTimeOf,
  followUpOf,
  takeUpTimeOf,
  wasTried,
} from './delivery/delivery.ts';
export type { DeliveryCounts, DeliveryKey, DeliveryQuery, DeliveryRepository } from './delivery/delivery-repository.ts';
export { deliveryShards, maxCountedDeliveries } from './delivery/delivery-repository.ts';
export type { DueDeliveries, DueDeliveryRepository, UnreadableDueRow } from './delivery/due-delivery-repository.ts';
export { dueShards } from './delivery/due-delivery-repository.ts';
export { afterStep } from './delivery/parking/after-step.ts';
export { skipReasons } from './delivery/parking/decide-head.ts';
export type {
  GroupCommand,
  GroupCommandRepository,
  GroupsSweep,
} from './delivery/parking/group-command.ts';
export { commandIdOf, groupActions } from './delivery/parking/group-command.ts';
export type { GroupJob } from './delivery/parking/group-run.ts';
export { beginRun, stepOf } from './delivery/parking/group-run.ts';
export type { HeadProgress } from './delivery/parking/head-progress.ts';
export { afterRecord } from './delivery/parking/head-progress.ts';
export type { GroupChange } from './delivery/parking/parked-group.ts';
export { groupReasons, parkedReasonOf } from './delivery/parking/parked-group.ts';
export type {
  BlockedGroup,
  GroupKey,
  GroupOwner,
  GroupWrite,
  ParkedGroupRepository,
  ParkedRow,
  StoredGroup,
} from './delivery/parking/parked-group-repository.ts';
export type { Standing } from './delivery/parking/standing.ts';
export { standingAfterAttempt, standingWithoutAttempt } from './delivery/parking/standing-after-attempt.ts';
export type { HeadFacts, HeadFinding, HeadHistory, Unusable } from './delivery/parking/standing-of-head.ts';
export { standingOfHead, unlessAccepted, unusableEndpoint, wasSetAside } from './delivery/parking/standing-of-head.ts';
export type { Ending, Placed, Step, StepResult, UnreadableRow } from './delivery/parking/step.ts';
export { sweepAfterChange } from './delivery/parking/sweep-after-change.ts';
export { isMadeInGroup, isUnplacedGroup, unplacedGroupOf } from './delivery/parking/unplaced-group.ts';
export type {
  DeliveryPlan,
  MessageSource,
  PlannedDelivery,
  RefusedDelivery,
} from './delivery/plan-deliveries.ts';
export { firstDeliveryOf, planDeliveries, planDelivery, wasCreatedAfter } from './delivery/plan-deliveries.ts';
export { reachesAnyEndpoint } from './delivery/reaches-any-endpoint.ts';
export type {
  CancelReason,
  DeliveryState,
  DeliveryStatus,
  FailureReason,
  ParkedPlace,
  PlannedReason,
  StoredDelivery,
} from './delivery/stored-delivery.ts';
export {
  endedAfterAttempt,
  endedStates,
  endedUnrecorded,
  markedAsStored,
  mayBeStored,
  nextAttemptAt,
  openStates,
  waitReasonOf,
} from './delivery/stored-delivery.ts';
export type { Wake } from './delivery/wake.ts';
export { wakeIdOf } from './delivery/wake.ts';
export { wakeAfterChange } from './delivery/wake-after-change.ts';
export type { WakeStep } from './endpoint/breaker.ts';
export { afterUnsentProbe, mayAttempt, stepOfWake } from './endpoint/breaker.ts';
export type {
  Endpoint,
  EndpointTarget,
  FanOutEndpoint,
  OrderPolicy,
  SealContext,
  SealedSecret,
  UnreadableEndpoint,
} from './endpoint/endpoint.ts';
export { matchesFilters } from './endpoint/endpoint.ts';
export type { EndpointFact } from './endpoint/endpoint-facts.ts';
export { endpointFactsOf } from './endpoint/endpoint-facts.ts';
export type { Breaker, EndpointHealth, ProtectedHealth } from './endpoint/endpoint-health.ts';
export type { EndpointHealthRepository, StoredHealth } from './endpoint/endpoint-health-repository.ts';
export { defaultMaxEndpoints } from './endpoint/endpoint-limit.ts';
export type { EndpointMode, EndpointRepository, FanOutApplication } from './endpoint/endpoint-repository.ts';
export type { HealthAttempt } from './endpoint/health-after-attempts.ts';
export {
  changesDecision,
  failsForTooLong,
  healthAfterAttempts,
  isHealthy,
  isUnremarkable,
} from './endpoint/health-after-attempts.ts';
export type { OpenSealed } from './endpoint/sealed-headers.ts';
export { openHeaders } from './endpoint/sealed-headers.ts';
export { isSlow, slowInOrderRate } from './endpoint/slow-endpoint.ts';
export type {
  Transform,
  Transformation,
  TransformationContent,
  Transformed,
  TransformRequest,
  Webhook,
} from './endpoint/transformation.ts';
export { transformPatienceMs } from './endpoint/transformation.ts';
export type { DomainErrorCode, ValidationIssue } from './errors.ts';
export { DomainError, ValidationError } from './errors.ts';
export type {
  EnforcementChecks,
  EnforcementRepository,
  EventTypeEnforcement,
  OrganisationEnforcement,
} from './event-type/enforcement-repository.ts';
export type { EventType, EventTypeContent } from './event-type/event-type.ts';
export { isShownWith } from './event-type/event-type.ts';
export type { EventTypeQuery, EventTypeRepository } from './event-type/event-type-repository.ts';
export type { IdKind, MessagePlacement } from './identifier/identifier.ts';
export {
  createId,
  createMessageId,
  idEntropyBytes,
  idResolutionMs,
  isId,
  lowestIdAt,
  nearestIdTime,
  placementOfMessageId,
  shardOf,
  timeOfId,
} from './identifier/identifier.ts';
export type { Integration } from './integration/integration.ts';
export type { IntegrationRepository } from './integration/integration-repository.ts';
export type { Counter, Log, LogFields } from './log.ts';
export type {
  BeginningRequest,
  BegunRequest,
  ClaimRepository,
  FoundAnswer,
  MessageClaim,
  RequestSeed,
  StoredAnswer,
} from './message/claim-repository.ts';
export type { FanOutMessage, ListedMessage, Message } from './message/message.ts';
export { jsonContentType, maxMessageBytes, plannedTimeOf } from './message/message.ts';
export { channelForm, eventTypeForm, hasForm, maxLabels, tagForm } from './message/message-names.ts';
export type {
  MessageContentRepository,
  MessageQuery,
  MessageRepository,
  Resend,
} from './message/message-repository.ts';
export { defaultMessageRetentionDays } from './message/message-retention.ts';
export type { FindOrderGroup } from './message/ordering-key.ts';
export { createFindOrderGroup, isInPayload, ownOrderingKey, toShortOrderingKey } from './message/ordering-key.ts';
export { countOwn } from './operational/count-own.ts';
export { isOperationalApplicationId, operationalApplicationIdOf } from './operational/operational-application.ts';
export type { OperationalEvent } from './operational/operational-event.ts';
export { operationalEventTypes, toOperationalBody } from './operational/operational-event.ts';
export { attemptEventOf, endpointEventOf, taskEventOf } from './operational/to-operational-event.ts';
export type { DataKeyRepository } from './organisation/data-key-repository.ts';
export { fitPage } from './paging/fit-page.ts';
export type { IdRange } from './paging/id-range.ts';
export { directionOf, idRangeOf } from './paging/id-range.ts';
export { formatIterator, parseIterator } from './paging/iterator.ts';
export { joinPages } from './paging/join-pages.ts';
export type { ListOrder, Page, PageRequest, TimeWindow } from './paging/page.ts';
export { selectPage } from './paging/select-page.ts';
export type { LogNotices, LogWatch } from './poller/log-notices.ts';
export type { LogBatch, LogEntry, LogPosition } from './poller/message-log.ts';
export {
  entriesBehind,
  isBehind,
  isSince,
  maxPositionDigits,
  mayBeRepeated,
  placeBehind,
  positionBefore,
  recentRows,
  startOfLog,
} from './poller/message-log.ts';
export type { LogPage, LogSlice, MessageLogRepository } from './poller/message-log-repository.ts';
export type { Poller, PollPlace } from './poller/poll-iterator.ts';
export { formatPollIterator, parsePollIterator } from './poller/poll-iterator.ts';
export type {
  ConsumerKey,
  ConsumerState,
  LogKeeping,
  PollState,
  PollStateRepository,
  PollStateRequest,
} from './poller/poll-state-repository.ts';
export { isKept, keptUntil, needsRefresh, pollerDays } from './poller/poll-times.ts';
export type {
  PolledMessage,
  PolledMessagesRequest,
  ReadPolledMessages,
} from './poller/polled-messages.ts';
export type { RetrySchedule } from './retry-schedule/retry-schedule.ts';
export {
  defaultRetrySchedule,
  isRetrySchedule,
  maxRetryDelaySeconds,
  maxScheduleWaits,
  parseRetrySchedule,
  retryScheduleForm,
} from './retry-schedule/retry-schedule.ts';
export type {
  RetryScheduleOwner,
  RetryScheduleRepository,
} from './retry-schedule/retry-schedule-repository.ts';
export { attemptHeaders } from './signing/attempt-headers.ts';
export { parseSigningSecret } from './signing/secret.ts';
export { liveSecrets } from './signing/sign-message.ts';
export { sumCounts } from './stats/add-counts.ts';
export { readApplicationUsage } from './stats/application-usage.ts';
export type {
  AttemptCounts,
  CountedAttempt,
  CountedEndpoint,
  HourCounts,
  HourWindow,
  StatisticsRepository,
} from './stats/attempt-counts.ts';
export type { BeginRemoval } from './task/begin-removal.ts';
export { isAskedFor, standingOf, statusOfStored } from './task/message-standing.ts';
export type { PurgeResult, RemovalResult, SliceResult, StatisticsResult } from './task/slice.ts';
export {
  addPages,
  addPurges,
  afterPurge,
  afterRemoval,
  afterSlice,
  afterStatistics,
  failedTask,
  readsOn,
} from './task/slice.ts';
export type {
  BulkReplayFilters,
  EndpointTask,
  EndpointWork,
  MessageStatus,
  PurgeTask,
  RemovalTask,
  StatisticsTask,
  Task,
  TaskWindow,
  UsageWork,
} from './task/task.ts';
export {
  isEndpointTask,
  isRemovalTask,
  isStatisticsTask,
  newTaskProgress,
  taskKinds,
  taskStatuses,
} from './task/task.ts';
export { taskDelivery } from './task/task-delivery.ts';
export type { TaskQuery, TaskRepository, TaskResultPart, TaskVersion } from './task/task-repository.ts';
export type { TaskResultEntry } from './task/task-result.ts';
export { joinEntries, maxResultBytes } from './task/task-result.ts';
export { reserveSlots, type SlotLine, type SlotRequest, spacingOf } from './throttle/slot-line.ts';
export type { Throttled, ThrottleRepository } from './throttle/throttle-repository.ts';
export type { ThrottleRates, ThrottleSlot, TurnReason } from './throttle/throttle-slot.ts';
export { mayUseSlot, parseSlotText, throttlePatienceMs, toSlotText, turnReasonOf } from './throttle/throttle-slot.ts';
export type { Capability } from './token/capability.ts';
export { capabilities, grantedCapabilities, hasCapability, integrationCapabilities } from './token/capability.ts';
export type { ExpiryMark, ExpiryOrder } from './token/expiry-mark.ts';
export { endOf, maxWaitingMarks, withMark } from './token/expiry-mark.ts';
export { isValidToken } from './token/is-valid-token.ts';
export type { IssuedToken, TokenFacts } from './token/token.ts';
export { maxPortalTokenSeconds } from './token/token.ts';
export type {
  ExpiryMarks,
  TokenChecks,
  TokenEnd,
  TokenRepository,
} from './token/token-repository.ts';
