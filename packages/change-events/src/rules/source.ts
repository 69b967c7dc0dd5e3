import type { Pattern } from '../patterns/pattern.ts';
import type { Template } from '../templates/template.ts';
import type { JsonForm } from '../values/json-text.ts';
import type { Names } from '../values/parts-of-item.ts';
import type { Path } from '../values/path.ts';

/** What happened to an item. `expire`: the table's time to live removed it. */
export const operations = ['insert', 'update', 'remove', 'expire'] as const;
export type Operation = (typeof operations)[number];

/** What a payload can have of a change. */
export const payloadParts = ['keys', 'new', 'old', 'changed'] as const;
export type PayloadPart = (typeof payloadParts)[number];

/**
 * One of the user's own tables, as the file describes it for one stage. It is checked, and plain data that JSON keeps, so
 * it can be part of a function's bundle.
 */
export interface ChangeSource {
  readonly name: string;
  readonly organisationId: string;
  readonly tableName: string;
  /** The ARN that the file has, if it has one: of the stream or of the table. */
  readonly arn?: string;
  /** The application's id or uid, or where an item has it. */
  readonly application: { readonly constant: string } | { readonly attribute: Path };
  /** Whether an application that does not exist is created, with the item's value as uid. */
  readonly autoCreate: boolean;
  readonly rules: readonly Rule[];
}

/** Which changes become an event, and how it looks. */
export interface Rule {
  readonly name: string;
  readonly on: readonly Operation[];
  readonly when?: Pattern;
  /** Only changes of at least one of these attributes. */
  readonly changed?: readonly Path[];
  readonly eventType: Template;
  readonly payload: PayloadRule;
  /** The key of the item if absent. */
  readonly orderingKey?: Template;
  readonly channels: readonly Template[];
  readonly tags: readonly Template[];
}

export interface PayloadRule {
  readonly include: readonly PayloadPart[];
  /** Only these attributes; all of them if absent. */
  readonly attributes?: readonly Names[];
  readonly redact: readonly Names[];
  readonly json: JsonForm;
}
