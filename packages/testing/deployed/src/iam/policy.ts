import { z } from 'zod';

const oneOrMany = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
/** Strict: an element that is not evaluated here (a condition, NotAction, …) is an error. */
const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMany,
  Resource: oneOrMany,
});
const policy = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.union([statement, z.array(statement)]).transform((value) => [value].flat()),
});

export type Statement = z.output<typeof statement>;

/** The accesses that a role's policies allow and deny. */
export type Statements = readonly Statement[];

/** One action on one resource: `dynamodb:PutItem` on the ARN of a table. */
export interface Access {
  readonly action: string;
  readonly resource: string;
}

/**
 * Reads a policy document.
 *
 * @throws ZodError for an element that {@link isAllowed} does not know
 */
export const readPolicy = (document: string): Statements => policy.parse(JSON.parse(document)).Statement;

/**
 * IAM's rule for the policies of one identity: an explicit deny wins, and an access needs a statement that allows it.
 */
export function isAllowed(statements: Statements, access: Access): boolean {
  const matching = statements.filter((each) => matches(each, access));
  return matching.length > 0 && matching.every(({ Effect }) => Effect === 'Allow');
}

/** Names of actions have no case, ARNs do. */
const matches = ({ Action, Resource }: Statement, { action, resource }: Access): boolean =>
  Action.some((pattern) => wildcard(pattern.toLowerCase()).test(action.toLowerCase())) &&
  Resource.some((pattern) => wildcard(pattern).test(resource));

/** `*` is any text, slashes and colons included; `?` is one character. */
const wildcard = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(/[^\w*?]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );
