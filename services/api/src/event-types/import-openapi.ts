import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type EventTypeFromOpenApi,
  type EventTypeImportIn,
  type EventTypeIn,
  eventTypeIn,
} from '@posthorn/contracts/api/event-type';
import {
  DomainError,
  type EventType,
  type EventTypeContent,
  type EventTypeRepository,
  ValidationError,
} from '@posthorn/core';
import { readWebhooks, type Webhook } from '@posthorn/core/event-type/openapi/read-webhooks';
import { readBody } from '../http/read-body.ts';
import { invalidField } from '../http/refusals.ts';
import {
  type ChangeEventTypeDeps,
  createEventTypeArchiver,
  plannedEventType,
  putEventType,
} from './change-event-type.ts';
import type { RequireAllUsable } from './enforced-event-types.ts';
import { patchedContent } from './event-type-content.ts';
import { emptyContent } from './new-event-type.ts';
import { readSpec } from './read-spec.ts';
import { runForEach } from './run-for-each.ts';

export interface ImportEventTypesDeps extends ChangeEventTypeDeps {
  readonly eventTypes: ChangeEventTypeDeps['eventTypes'] & Pick<EventTypeRepository, 'findAll' | 'list'>;
  readonly requireAllUsable: RequireAllUsable;
}

interface ImportRequest {
  readonly organisationId: string;
  readonly input: EventTypeImportIn;
  readonly now: Date;
}

/** What an import did, or would do. */
export interface ImportedEventTypes {
  readonly modified: readonly string[];
  readonly toModify: readonly EventTypeFromOpenApi[] | undefined;
}

/** The schemas of more event types than this, or larger ones, would keep all other callers waiting. */
const maxWebhooks = 500;
const maxImportBytes = 2_097_152;
const pageLength = 100;

/**
 * Creates and changes event types by the webhooks of an OpenAPI document. Nothing is written unless all of them are
 * valid, and every schema that is enforced can be. An import that ends halfway can be repeated: what is as it should be
 * is left alone.
 *
 * @throws ValidationError naming what is wrong in the document
 */
export const createEventTypeImporter =
  (deps: ImportEventTypesDeps) =>
  async ({ organisationId, input, now }: ImportRequest): Promise<ImportedEventTypes> => {
    const wanted = await readWanted(input);
    const stored = await deps.eventTypes.findAll(organisationId, [...wanted.keys()]);
    const byName = new Map(stored.map((eventType) => [eventType.name, eventType]));
    const changes = [...wanted].flatMap(([name, { eventType, loc }]) => {
      const previous = byName.get(name);
      return isAsWanted(previous, eventType) ? [] : [{ name, eventType, loc, previous }];
    });
    const planned = changes.map(({ name, eventType, loc, previous }) => {
      const next = plannedEventType({ organisationId, name, now }, previous, contentOf(eventType, previous));
      return { next, previous, loc: [...loc, 'schemas'] };
    });
    await deps.requireAllUsable(planned);
    if (input.dryRun) return { modified: [], toModify: planned.map(({ next }) => toShown(next.name, next)) };
    await runForEach(changes, ({ name, eventType }) =>
      putEventType(deps, { organisationId, name, now }, (current) => contentOf(eventType, current)),
    );
    const modified = changes.map(({ name }) => name);
    if (!input.replaceAll) return { modified, toModify: undefined };
    const rest = await findOthers(deps.eventTypes, organisationId, wanted);
    const archive = createEventTypeArchiver(deps);
    await runForEach(rest, (name) => archive({ organisationId, name, now }).catch(unlessGone));
    return { modified: [...modified, ...rest], toModify: undefined };
  };

interface WantedEventType {
  readonly eventType: EventTypeIn;
  /** The place of its webhook in the request. */
  readonly loc: readonly string[];
}

/** The event types that the document asks for, by name. Others take their turns while it is read. */
async function readWanted(input: EventTypeImportIn): Promise<ReadonlyMap<string, WantedEventType>> {
  const { document, loc } = readSpec(input);
  const wanted = new Map<string, WantedEventType>();
  let bytes = 0;
  for (const webhook of readWebhooks(document, loc)) {
    if (wanted.size === maxWebhooks) throw invalidField(loc, `must have at most ${maxWebhooks} webhooks`);
    const eventType = checked(webhook);
    bytes += Buffer.byteLength(JSON.stringify(eventType));
    if (bytes > maxImportBytes) throw invalidField(loc, `must have at most ${maxImportBytes} bytes of schemas in all`);
    wanted.set(webhook.name, { eventType, loc: webhook.loc });
    await nextTurn();
  }
  return wanted;
}

/** Checks a webhook as a request for an event type. Its errors are at the webhook's place. */
function checked({ loc, eventType }: Webhook): EventTypeIn {
  try {
    return readBody(eventTypeIn, eventType);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const issues = error.issues.map((issue) => ({ ...issue, loc: [...loc, ...issue.loc.slice(1)] }));
    throw new ValidationError(issues, { cause: error });
  }
}

/** What the document does not say is kept: an event type that is hidden stays hidden. */
function contentOf({ name: _, ...given }: EventTypeIn, current: EventType | undefined): EventTypeContent {
  const base = current ?? emptyContent;
  return patchedContent(base, { ...given, archived: false, deprecated: given.deprecated ?? false }, base);
}

const isAsWanted = (stored: EventType | undefined, wanted: EventTypeIn): boolean =>
  stored !== undefined && !stored.archived && textOf(contentOf(wanted, stored)) === textOf(stored);

const textOf = ({ description, deprecated, schemas, featureFlags, groupName }: EventTypeContent): string =>
  JSON.stringify([description, deprecated, schemas, featureFlags, groupName]);

const toShown = (name: string, content: EventTypeContent): EventTypeFromOpenApi => ({
  name,
  description: content.description,
  schemas: content.schemas ? { ...content.schemas } : null,
  deprecated: content.deprecated,
  groupName: content.groupName ?? null,
  featureFlags: content.featureFlags.length === 0 ? null : [...content.featureFlags],
});

/** The names of all live event types but those that are wanted. */
async function findOthers(
  { list }: Pick<EventTypeRepository, 'list'>,
  organisationId: string,
  wanted: ReadonlyMap<string, unknown>,
): Promise<readonly string[]> {
  const names: string[] = [];
  let iterator: string | undefined;
  for (;;) {
    const from = iterator === undefined ? {} : { iterator };
    const query = { limit: pageLength, direction: 'forward', order: 'ascending', includeArchived: false } as const;
    const page = await list(organisationId, { ...query, ...from });
    names.push(...page.items.map(({ name }) => name).filter((name) => !wanted.has(name)));
    iterator = page.resumeAt ?? page.items.at(-1)?.name;
    if (page.done || iterator === undefined) return names;
  }
}

/** An event type that another request has removed in the meantime needs no change. */
function unlessGone(error: unknown): void {
  if (!(error instanceof DomainError && error.code === 'not_found')) throw error;
}
