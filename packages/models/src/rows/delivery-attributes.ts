import { type Delivery, parseSlotText, toSlotText } from '@posthorn/core';
import { flagOf, ifPresent, instantOf, numberOf, oneOf, type Row, textOf, withoutAbsent } from './row.ts';

/** A delivery's attributes, in every table that stores deliveries. */
export const toDeliveryAttributes = (delivery: Delivery): Row => ({
  org: delivery.organisationId,
  app: delivery.applicationId,
  messageId: delivery.messageId,
  endpointId: delivery.endpointId,
  number: delivery.attemptNumber,
  at: delivery.scheduledAt.toISOString(),
  trigger: delivery.trigger,
  attemptId: delivery.attemptId,
  notBefore: delivery.notBefore?.toISOString(),
  slot: delivery.slot && toSlotText(delivery.slot),
  retriesFrom: delivery.retriesFrom,
  untried: delivery.isUntried,
});

export const readDelivery = (row: Row): Delivery => ({
  organisationId: textOf(row, 'org'),
  applicationId: textOf(row, 'app'),
  messageId: textOf(row, 'messageId'),
  endpointId: textOf(row, 'endpointId'),
  attemptNumber: numberOf(row, 'number'),
  scheduledAt: instantOf(row, 'at'),
  trigger: oneOf(row, 'trigger', ['scheduled', 'manual']),
  ...withoutAbsent({
    attemptId: ifPresent(row, 'attemptId', textOf),
    notBefore: ifPresent(row, 'notBefore', instantOf),
    slot: parseSlotText(ifPresent(row, 'slot', textOf) ?? ''),
    retriesFrom: ifPresent(row, 'retriesFrom', numberOf),
    isUntried: ifPresent(row, 'untried', flagOf) || undefined,
  }),
});
