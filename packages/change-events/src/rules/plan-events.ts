import {
  channelForm,
  eventTypeForm,
  hasForm,
  isPassingError,
  maxLabels,
  maxMessageBytes,
  reasonOf,
  tagForm,
  toShortOrderingKey,
  UnusableData,
} from '@posthorn/core';
import { fillTemplate, type Template, type TemplateValues } from '../templates/template.ts';
import { itemText } from '../values/json-text.ts';
import { findValue, formatPath } from '../values/path.ts';
import { scalarText } from '../values/value.ts';
import type { ItemChange } from './item-change.ts';
import { matchesRule } from './matches-rule.ts';
import { payloadText } from './payload-text.ts';
import type { ChangeSource, Rule } from './source.ts';

/** An event that a change leads to: a message for an application. */
export interface ChangeEvent {
  readonly kind: 'event';
  readonly rule: string;
  /** Names the event uniquely: the same change and rule give the same identity. */
  readonly identity: readonly string[];
  /** The application's id or uid. */
  readonly application: string;
  readonly eventType: string;
  /** JSON, as text. */
  readonly body: string;
  readonly orderingKey: string;
  readonly channels: readonly string[];
  readonly tags: readonly string[];
}

/** A change that matches a rule and cannot become an event. */
export interface RefusedEvent {
  readonly kind: 'refused';
  readonly rule: string;
  /** Without data of the item. */
  readonly reason: string;
}

/**
 * The events of a change, in the order of the rules. Same change and source in, same events out. A rule that fails does not
 * stop the others.
 */
export const planEvents = (change: ItemChange, source: ChangeSource): readonly (ChangeEvent | RefusedEvent)[] =>
  source.rules.filter((rule) => matchesRule(rule, change)).map((rule) => planEvent(change, source, rule));

function planEvent(change: ItemChange, source: ChangeSource, rule: Rule): ChangeEvent | RefusedEvent {
  try {
    return createEvent(change, source, rule);
  } catch (error) {
    if (isPassingError(error)) throw error;
    return { kind: 'refused', rule: rule.name, reason: `source ${source.name}, rule ${rule.name}: ${reasonOf(error)}` };
  }
}

function createEvent(change: ItemChange, source: ChangeSource, rule: Rule): ChangeEvent {
  const values = valuesOf(change, source);
  const fill = (template: Template, field: string) => fillTemplate(template, values, field);
  const eventType = fill(rule.eventType, 'event_type');
  if (!hasForm(eventType, eventTypeForm))
    throw new UnusableData('event_type: must be 1 to 256 letters, digits, and . _ -, and not only . or ..');
  const body = payloadText(change, eventType, rule.payload);
  if (Buffer.byteLength(body) > maxMessageBytes)
    throw new UnusableData(`payload: has more than ${maxMessageBytes} bytes. Choose fewer attributes`);
  return {
    kind: 'event',
    rule: rule.name,
    identity: ['change', change.streamArn, change.sequenceNumber, source.name, rule.name],
    application: findApplication(change, source),
    eventType,
    body,
    orderingKey: toShortOrderingKey(
      rule.orderingKey
        ? fill(rule.orderingKey, 'ordering_key')
        : `${source.tableName} ${itemText(change.keys, 'plain')}`,
    ),
    channels: labels(rule.channels, { fill, field: 'channels', form: channelForm }),
    tags: labels(rule.tags, { fill, field: 'tags', form: tagForm }),
  };
}

const valuesOf = (change: ItemChange, { name, tableName }: ChangeSource): TemplateValues => ({
  operation: change.operation,
  source: name,
  table: tableName,
  new: change.new,
  old: change.old,
  keys: change.keys,
  item: change.new ?? change.old,
});

function findApplication(change: ItemChange, { application }: ChangeSource): string {
  if ('constant' in application) return application.constant;
  const path = formatPath(application.attribute);
  const value = findValue(change.new ?? change.old, application.attribute);
  if (value === undefined) throw new UnusableData(`application: the item has no ${path}`);
  const text = scalarText(value);
  // The same characters as an event type has.
  if (text === undefined || !hasForm(text, eventTypeForm))
    throw new UnusableData(`application: ${path} of the item is no id or uid of an application`);
  return text;
}

interface LabelRule {
  readonly fill: (template: Template, field: string) => string;
  readonly field: 'channels' | 'tags';
  readonly form: typeof channelForm | typeof tagForm;
}

function labels(templates: readonly Template[], { fill, field, form }: LabelRule): readonly string[] {
  const texts = [...new Set(templates.map((template) => fill(template, field)))];
  if (texts.length > maxLabels) throw new UnusableData(`${field}: has more than ${maxLabels} entries`);
  if (!texts.every((text) => hasForm(text, form)))
    throw new UnusableData(`${field}: an entry is empty, too long or has a character that is not allowed`);
  return texts;
}
