import type { Endpoint, FanOutEndpoint, OrderPolicy, SealedSecret, Transformation } from '@posthorn/core';
import {
  ForeignRow,
  flagOf,
  ifPresent,
  instantOf,
  numberOf,
  oneOf,
  type Row,
  textOf,
  textsOf,
  withoutAbsent,
} from '../rows/row.ts';
import { scheduleOf, toScheduleText } from '../rows/schedule.ts';
import { readTextMap } from '../rows/text-map.ts';
import { readHealth, toHealthText } from './health-text.ts';

/**
 * The attributes of an endpoint's row besides its keys. Updates write all but `health` and `autoDisabled`. Only endpoints
 * in FIFO mode have `onExhausted`.
 */
export const endpointAttributes = {
  organisationId: String,
  uid: String,
  url: String,
  description: String,
  disabled: Boolean,
  autoDisabled: Boolean,
  version: Number,
  eventTypes: { type: Array, schema: [String] },
  channels: { type: Array, schema: [String] },
  throttleRate: Number,
  metadata: String,
  retrySchedule: String,
  sealedHeaders: String,
  secrets: String,
  transformation: String,
  onExhausted: String,
  orderBy: String,
  health: String,
  revision: Number,
  createdAt: String,
  updatedAt: String,
};

/** The attributes that fan-out reads. */
export const fanOutAttributes = [
  'endpointId',
  'disabled',
  'eventTypes',
  'channels',
  'onExhausted',
  'orderBy',
  'health',
] as const;

export const toEndpointRow = (endpoint: Endpoint): Row => {
  const { order, metadata, retrySchedule, secrets, transformation, health, createdAt, updatedAt, ...flat } = endpoint;
  return withoutAbsent({
    ...flat,
    // Functions of version 0.1 that still run during an update require it.
    version: 1,
    metadata: JSON.stringify(metadata),
    retrySchedule: retrySchedule && toScheduleText(retrySchedule),
    secrets: JSON.stringify(secrets),
    transformation: transformation && JSON.stringify(transformation),
    onExhausted: order?.onExhausted,
    orderBy: order?.by,
    health: health && toHealthText(health),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  });
};

export const readEndpoint = (row: Row): Endpoint => ({
  ...readFanOutEndpoint(row),
  ...withoutAbsent({
    uid: ifPresent(row, 'uid', textOf),
    autoDisabled: row.autoDisabled === true ? (true as const) : undefined,
    throttleRate: ifPresent(row, 'throttleRate', numberOf),
    retrySchedule: ifPresent(row, 'retrySchedule', scheduleOf),
    sealedHeaders: ifPresent(row, 'sealedHeaders', textOf),
    transformation: ifPresent(row, 'transformation', readTransformation),
  }),
  organisationId: textOf(row, 'organisationId'),
  applicationId: textOf(row, 'applicationId'),
  url: textOf(row, 'url'),
  description: textOf(row, 'description'),
  metadata: readTextMap(row, 'metadata'),
  secrets: readSecrets(row),
  revision: numberOf(row, 'revision'),
  createdAt: instantOf(row, 'createdAt'),
  updatedAt: instantOf(row, 'updatedAt'),
});

export const readFanOutEndpoint = (row: Row): FanOutEndpoint => ({
  endpointId: textOf(row, 'endpointId'),
  disabled: flagOf(row, 'disabled'),
  ...withoutAbsent({
    eventTypes: ifPresent(row, 'eventTypes', textsOf),
    channels: ifPresent(row, 'channels', textsOf),
    order: ifPresent(row, 'onExhausted', readOrder),
    health: ifPresent(row, 'health', readHealth),
  }),
});

const readOrder = (row: Row, attribute: string): OrderPolicy => ({
  onExhausted: oneOf(row, attribute, ['block', 'skip']),
  ...withoutAbsent({ by: ifPresent(row, 'orderBy', textOf) }),
});

function readTransformation(row: Row, attribute: string): Transformation {
  // The row's own code wrote it. The fields are checked one by one.
  const parsed = JSON.parse(textOf(row, attribute)) as Row | null;
  if (typeof parsed !== 'object' || parsed === null) throw new ForeignRow(attribute);
  return {
    enabled: flagOf(parsed, 'enabled'),
    updatedAt: instantOf(parsed, 'updatedAt'),
    ...withoutAbsent({ sealedContent: ifPresent(parsed, 'sealedContent', textOf) }),
  };
}

function readSecrets(row: Row): readonly SealedSecret[] {
  const parsed: unknown = JSON.parse(textOf(row, 'secrets'));
  if (!Array.isArray(parsed)) throw new ForeignRow('secrets');
  return parsed.map((secret: Row) => ({
    sealedKey: textOf(secret, 'sealedKey'),
    ...withoutAbsent({
      expiresAt: ifPresent(secret, 'expiresAt', instantOf),
      rotation: ifPresent(secret, 'rotation', textOf),
    }),
  }));
}
