import { applicationOperations } from './application.ts';
import { attemptOperations } from './attempt.ts';
import { authenticationOperations } from './authentication.ts';
import { backgroundTaskOperations } from './background-task.ts';
import { deliveryOperations } from './delivery.ts';
import { destinationOperations } from './destination.ts';
import { endpointOperations } from './endpoint.ts';
import { enforcementOperations } from './enforcement.ts';
import { environmentOperations } from './environment.ts';
import { eventTypeOperations } from './event-type.ts';
import { failingEndpointOperations } from './failing-endpoint.ts';
import { frontDoorOperations } from './front-door.ts';
import { integrationOperations } from './integration.ts';
import { messageOperations, postMessageOperations } from './message.ts';
import { operationalWebhookOperations } from './operational-webhook.ts';
import { pollerOperations } from './poller.ts';
import { retryScheduleOperations } from './retry-schedule.ts';
import { statisticsOperations } from './statistics.ts';
import { destinationTransformationOperations, endpointTransformationOperations } from './transformation.ts';

/** Every operation of the API. It loads every schema: a function loads the operations of its own resource instead. */
export const allOperations = {
  ...applicationOperations,
  ...endpointOperations,
  ...deliveryOperations,
  ...failingEndpointOperations,
  ...endpointTransformationOperations,
  ...destinationOperations,
  ...destinationTransformationOperations,
  ...eventTypeOperations,
  ...enforcementOperations,
  ...retryScheduleOperations,
  ...postMessageOperations,
  ...messageOperations,
  ...pollerOperations,
  ...attemptOperations,
  ...backgroundTaskOperations,
  ...operationalWebhookOperations,
  ...environmentOperations,
  ...authenticationOperations,
  ...integrationOperations,
  ...statisticsOperations,
  ...frontDoorOperations,
};

export type OperationId = keyof typeof allOperations;

/** The folders of services/api/src that serve operations. */
export type FunctionFolder = (typeof allOperations)[OperationId]['servedBy'];
