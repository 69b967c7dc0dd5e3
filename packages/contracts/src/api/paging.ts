import { type IdKind, idForm } from '@posthorn/core/identifier/identifier';
import * as z from 'zod/mini';
import { component, writtenAs } from './documentation.ts';

/** The length of a page: by default, and at most. */
export const defaultPageLimit = 50;
export const maxPageLimit = 250;

/** The length of a page in a query string. Its range is checked elsewhere: an empty one is 0. */
export const pageLimit = writtenAs(
  { type: 'integer', minimum: 1, maximum: maxPageLimit, default: defaultPageLimit },
  z.pipe(z.string().check(z.regex(/^\d{0,9}$/, { error: 'must be a whole number' })), z.transform(Number)),
);

/** `true` or `false` in a query string. */
export const truth = writtenAs(
  { type: 'boolean' },
  z.pipe(
    z.enum(['true', 'false'], { error: 'must be true or false' }),
    z.transform((value) => value === 'true'),
  ),
);

/** An instant in a request: RFC 3339, with any offset. */
export const requestInstant = () =>
  z.pipe(
    z.iso.datetime({ offset: true, error: 'must be a date and time such as 2026-01-31T12:00:00Z' }),
    z.transform((text) => new Date(text)),
  );

/** An instant in a query string. */
export const queryInstant = requestInstant();

/** DynamoDB limits the length of a filter. */
const maxNamesInQuery = 250;

const pageQuery = {
  limit: z.optional(pageLimit),
  iterator: z.optional(z.string()),
};

/**
 * The iterator of a list. It is read elsewhere, where a text that is not one is 422.
 *
 * @param form - the text of a regular expression for all of it
 */
const iteratorOf = (form: string, row: string) => ({
  iterator: z.optional(
    writtenAs(
      {
        type: 'string',
        pattern: `^${form}$`,
        description: `\`iterator\` or \`prevIterator\` of a response, or ${row}. With \`-\` before it, the rows before it.`,
      },
      z.string(),
    ),
  ),
});

/** The same for rows with an id of this kind. */
export const idIterator = (kind: IdKind) => iteratorOf(`-?${idForm(kind)}`, 'the id of a row');

/** The same for event types: a name that begins with `-` has `~` before it. */
export const eventTypeIterator = iteratorOf(
  '(?:[a-zA-Z0-9_.][a-zA-Z0-9\\-_.]{0,255}|[-~][a-zA-Z0-9\\-_.]{1,256})',
  'the name of an event type',
);

/** The query of a list that grows with traffic, newest first. */
export const timeLimitedListQuery = z.object({
  ...pageQuery,
  before: z.optional(queryInstant),
  after: z.optional(queryInstant),
  channel: z.optional(z.string()),
  event_types: z.optional(
    z.array(z.string()).check(z.maxLength(maxNamesInQuery, { error: `must be at most ${maxNamesInQuery} names` })),
  ),
  with_content: z.optional(truth),
});

/** The query of a list with a choice of order. */
export const listQuery = z.object({ ...pageQuery, order: z.optional(z.enum(['ascending', 'descending'])) });

/** Which page of a list a query asks for. */
export interface ListQuery {
  readonly limit?: number | undefined;
  readonly iterator?: string | undefined;
}

/** The same, in a list that is limited by time. */
export interface TimeLimitedListQuery extends ListQuery {
  readonly before?: Date | undefined;
  readonly after?: Date | undefined;
}

/** The answer of a list: a page of its items, and how to go on. */
export const listOf = <Item extends z.ZodMiniType>(name: string, item: Item) =>
  component(
    `ListResponse_${name}_`,
    z.object({
      data: z.array(item),
      iterator: z.nullable(z.string()),
      prevIterator: z.optional(z.string()),
      done: z.boolean(),
    }),
  );

/** The same, for any kind of rows. */
export interface ListAnswer<Item> {
  readonly data: readonly Item[];
  readonly iterator: string | null;
  readonly prevIterator?: string;
  readonly done: boolean;
}
