import * as z from 'zod/mini';
import { allOperations } from '../api/all-operations.ts';
import type { Operation } from '../api/operation.ts';
import { toTable } from '../markdown/table.ts';
import { wrap } from '../markdown/wrap.ts';
import { absentOperations, absentParts } from './absent-operations.ts';
import { differences, gaps } from './differences.ts';
import type { SdkRequest } from './read-sdk.ts';
import { type SdkMethod, sdkMethods } from './sdk-methods.ts';
import { toRoute } from './sdk-operations.ts';

const bullet = { first: '- ', rest: '  ' };

type State = 'works' | 'partly' | 'not yet' | 'never';

interface Row {
  readonly name: SdkMethod;
  readonly request: string;
  readonly state: State;
  /** What does not work. */
  readonly missing: readonly string[];
}

/** What the requests of the `svix` package contain, by the method's name. */
export type SdkRequests = ReadonlyMap<string, Pick<SdkRequest, 'query' | 'fields'>>;

/**
 * The page that says which methods of the `svix` package work, and where Posthorn differs from Svix.
 *
 * @param sdk - what the methods of the package send, to find the fields that no contract has
 */
export function compatibilityPage(
  sdk: SdkRequests,
  operations: readonly Operation[] = Object.values(allOperations),
): string {
  // `Object.keys` does not say that these are the keys.
  const rows = (Object.keys(sdkMethods) as SdkMethod[]).map((name) => toRow(name, sdk, operations));
  const resources = Map.groupBy(rows, resourceOf);
  return [
    ...introduction(rows),
    ...[...resources].flatMap(([resource, members]) => section(resource, members)),
    ...absentSection(),
    ...differencesSection(),
  ].join('\n');
}

function toRow(name: SdkMethod, sdk: SdkRequests, operations: readonly Operation[]): Row {
  const request = sdkMethods[name];
  const route = toRoute(request);
  const operation = operations.find(({ method, path }) => toRoute(`${method} ${path}`) === route);
  if (operation === undefined) {
    const isAbsent = absentOperations.some(({ method, path }) => `${method} ${path}` === request);
    return { name, request, state: isAbsent ? 'never' : 'not yet', missing: [] };
  }
  const missing = missingOf(name, operation, sdk.get(name));
  return { name, request, state: missing.length === 0 ? 'works' : 'partly', missing };
}

/** What a method sends that its operation does not read, and what else is missing. */
function missingOf(
  name: SdkMethod,
  { query, body }: Operation,
  sent: Pick<SdkRequest, 'query' | 'fields'> | undefined,
): readonly string[] {
  const unread = [
    ...without(sent?.query ?? [], Object.keys(query?.shape ?? {})),
    ...without(sent?.fields ?? [], body === undefined ? [] : fieldsOf(body)),
  ].map((field) => `\`${field}\``);
  const gap = gaps[name];
  return [
    ...(unread.length === 0 ? [] : [`It does not read ${unread.join(', ')}.`]),
    ...(gap === undefined ? [] : [gap]),
  ];
}

const without = (names: readonly string[], known: readonly string[]): readonly string[] =>
  names.filter((name) => !known.includes(name));

/** The names of the members that a schema of an object reads, whatever it is wrapped in. */
function fieldsOf(schema: z.core.$ZodType): readonly string[] {
  if (schema instanceof z.ZodMiniObject) return Object.keys(schema.shape);
  if (schema instanceof z.ZodMiniPipe) return fieldsOf(schema._zod.def.in);
  if (schema instanceof z.ZodMiniUnion) return schema._zod.def.options.flatMap(fieldsOf);
  return [];
}

/** `endpoint.transformation.get` belongs to `endpoint.transformation`. */
const resourceOf = ({ name }: Row): string => name.slice(0, name.lastIndexOf('.'));

const introduction = (rows: readonly Row[]): readonly string[] => {
  const count = (state: State) => rows.filter((row) => row.state === state).length;
  return [
    '# Compatibility with Svix',
    '',
    '<!-- Generated from packages/contracts by `pnpm run docs`. Do not edit by hand. -->',
    '',
    ...wrap(
      'Posthorn speaks the HTTP API of Svix. A program that uses the package `svix` needs only another `serverUrl` and ' +
        `token. Of the ${rows.length} methods of its version 2.5, ${count('works')} work, ${count('partly')} work ` +
        `partly, ${count('not yet')} do not work yet, and ${count('never')} are not planned: they get 501. ` +
        'The [differences](#differences-on-purpose) are at the end.',
    ),
    '',
    '## Methods',
    '',
    'Paths without `/ingest` start with `/api/v1`.',
    '',
  ];
};

function section(resource: string, rows: readonly Row[]): readonly string[] {
  const cells = rows.map(({ name, request, state }) => [
    `\`${name.slice(resource.length + 1)}\``,
    `\`${request.replace(' /api/v1', ' ')}\``,
    state,
  ]);
  const notes = rows.flatMap(({ name, missing }) =>
    missing.length === 0 ? [] : wrap(`\`${name}\`: ${missing.join(' ')}`, bullet),
  );
  const lines = [`### ${resource}`, '', ...toTable(['method', 'request', 'state'], cells), ''];
  return notes.length === 0 ? lines : [...lines, ...notes, ''];
}

const absentSection = (): readonly string[] => [
  '## Not planned',
  '',
  'These parts of Svix are absent. Their operations get 501 `not_implemented`, an unknown path gets 404.',
  '',
  ...absentParts.flatMap(({ name, why }) => wrap(`**${name}**. ${why}`, bullet)),
  '',
];

const differencesSection = (): readonly string[] => [
  '## Differences on purpose',
  '',
  ...Object.entries(differences).flatMap(([topic, members]) => [
    `### ${topic}`,
    '',
    ...members.flatMap(({ what, why }) => wrap(`${what} _Why:_ ${why}`, bullet)),
    '',
  ]),
];
