import { eventTypeForm, hasForm } from '@posthorn/core';
import * as z from 'zod/mini';
import { compilePattern } from '../patterns/compile-pattern.ts';
import { operations, payloadParts } from '../rules/source.ts';
import { parseTemplate } from '../templates/template.ts';
import { parsePath } from '../values/path.ts';
import { readTable } from './table-name.ts';

/** Descriptions for editors, by schema. */
const documentation = z.registry<{
  readonly description?: string;
  readonly properties?: object;
  readonly type?: string;
}>();

const described = <Schema extends z.ZodMiniType>(description: string, schema: Schema): Schema => {
  documentation.add(schema, { description });
  return schema;
};

const text = (error: string) => z.string({ error: `must be ${error}` });

const name = text('a name')
  .check(z.regex(/^[a-z0-9-]+$/, { error: 'must have only a-z, 0-9 and -' }))
  .check(z.maxLength(64, { error: 'must have at most 64 characters' }));

const path = text('the path of an attribute').check(
  z.refine((value) => parsePath(value) !== undefined, {
    error: "must be the path of an attribute, such as status, address.city or ['odd name']",
  }),
);

/** In a list, a name stands for the members of all elements. */
const namesPath = path.check(
  z.refine((value) => !parsePath(value)?.some((segment) => typeof segment === 'number'), {
    error: 'must not have an index: a name stands for the members of all elements of a list',
  }),
);

const template = text('a text').check(z.minLength(1, { error: 'must not be empty' }), ({ value, issues }) => {
  const parsed = parseTemplate(value);
  if ('problem' in parsed) issues.push({ code: 'custom', message: parsed.problem, input: value });
});

const condition = z.unknown().check(({ value, issues }) => {
  for (const { path: place, message } of compilePattern(value).problems)
    issues.push({ code: 'custom', message, input: value, path: [...place] });
});
documentation.add(condition, { type: 'object', properties: { new: {}, old: {}, keys: {} } });

const listOf = <Schema extends z.ZodMiniType>(schema: Schema, what: string) =>
  z
    .array(schema, { error: `must be a list of ${what}` })
    .check(z.minLength(1, { error: `must have at least one entry` }));

const oneOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.enum(names, { error: `must be one of ${names.join(', ')}` });

const truth = z.boolean({ error: 'must be true or false' });

const payload = z.strictObject({
  include: z.optional(
    described('What the payload has of a change. Default: all.', listOf(oneOf(payloadParts), 'parts')),
  ),
  attributes: z.optional(described('Only these attributes. Default: all.', listOf(namesPath, 'attribute paths'))),
  redact: z.optional(
    described('Attributes whose values are replaced by "[redacted]".', listOf(namesPath, 'attribute paths')),
  ),
  json: z.optional(
    described('plain (default): JSON of its own kind. dynamodb: with DynamoDB types.', oneOf(['plain', 'dynamodb'])),
  ),
});

const rule = z.strictObject({
  name: described('Unique in the source. It is part of the ids of messages, so it must not change.', name),
  on: described(
    'Which operations. expire: removed by the time to live of the table. Default: insert, update and remove.',
    z.optional(z.union([oneOf(operations), listOf(oneOf(operations), 'operations')], { error: onlyOperations() })),
  ),
  when: z.optional(described('A condition on new, old and keys, as an event pattern of EventBridge.', condition)),
  changed: z.optional(
    described(
      'Only if at least one of these attributes has another value than before.',
      listOf(path, 'attribute paths'),
    ),
  ),
  event_type: described(`A template over \${operation} and attributes, such as order.\${operation}.`, template),
  payload: z.optional(payload),
  ordering_key: z.optional(described('A template. Default: the key of the item.', template)),
  channels: z.optional(described('Templates.', listOf(template, 'texts'))),
  tags: z.optional(described('Templates.', listOf(template, 'texts'))),
});

function onlyOperations(): string {
  return `must be one of ${operations.join(', ')}, or a list of these`;
}

const table = text('the name of a table, or the ARN of a table or stream').check(
  z.refine((value) => readTable(value) !== undefined, {
    error: 'must be the name of a table, or the ARN of a table or stream of DynamoDB',
  }),
);

const organisation = text('the id of an organisation').check(
  z.regex(/^org_/, { error: 'must be the id of an organisation, which begins with org_' }),
);

const perStage = <Schema extends z.ZodMiniType>(schema: Schema, what: string) =>
  z.union([schema, z.record(z.string(), schema)], { error: `must be ${what}, or a map of stages to those` });

const application = z.union(
  [
    z
      .string()
      .check(z.refine((value) => hasForm(value, eventTypeForm), { error: 'must be the id or uid of an application' })),
    z.strictObject({ attribute: path }),
  ],
  { error: 'must be the id or uid of an application, or { attribute: path } of the attribute that has it' },
);

const source = z.strictObject({
  name: described('Unique in the file. It is part of the ids of messages, so it must not change.', name),
  table: described(
    'The name of the table, or the ARN of the table or of its stream; or a map of stages (and "default") to those.',
    perStage(table, 'the name of a table, or the ARN of a table or stream of DynamoDB'),
  ),
  organisation: z.optional(perStage(organisation, 'the id of an organisation, which begins with org_')),
  application: described('The id or uid of the application, or { attribute: path }.', application),
  auto_create: z.optional(described('Whether an application that does not exist is created.', truth)),
  rules: listOf(rule, 'rules'),
});

/** The content of `posthorn.sources.yml`. */
export const sourcesFile = z.strictObject({
  organisation: z.optional(
    described(
      'The organisation of the applications, or a map of stages to organisations. A source can have its own.',
      perStage(organisation, 'the id of an organisation, which begins with org_'),
    ),
  ),
  sources: listOf(source, 'sources'),
});
export type SourcesFile = z.output<typeof sourcesFile>;

/** The JSON Schema of the file, for editors. */
export const createJsonSchema = () => ({
  ...z.toJSONSchema(sourcesFile, { metadata: documentation, io: 'input', unrepresentable: 'any' }),
  title: 'posthorn.sources.yml',
});
