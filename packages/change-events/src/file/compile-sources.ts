import { compilePattern } from '../patterns/compile-pattern.ts';
import { type ChangeSource, type PayloadRule, payloadParts, type Rule } from '../rules/source.ts';
import { parseTemplate, type Template } from '../templates/template.ts';
import type { Names } from '../values/parts-of-item.ts';
import { type Path, parsePath } from '../values/path.ts';
import type { FileProblem } from './check-sources.ts';
import type { SourcesFile } from './schema.ts';
import { readTable } from './table-name.ts';

type FileSource = SourcesFile['sources'][number];
type FileRule = FileSource['rules'][number];

export interface Target {
  readonly stage: string;
  /** The organisation of sources for which the file has none. */
  readonly organisationId?: string;
}

export interface CompiledSources {
  readonly sources: readonly ChangeSource[];
  /** Names of the sources whose `table` has neither this stage nor `default`: they are not read in this stage. */
  readonly absent: readonly string[];
  readonly problems: readonly FileProblem[];
}

/** The sources of a checked file, for one stage. */
export function compileSources(file: SourcesFile, target: Target): CompiledSources {
  const problems: FileProblem[] = [];
  const absent: string[] = [];
  const sources = file.sources.flatMap((source, index): ChangeSource[] => {
    const table = valueFor(source.table, target.stage);
    const organisationId = organisationOf(file, source, target);
    if (table === undefined) absent.push(source.name);
    else if (organisationId === undefined)
      problems.push({
        path: `sources[${index}].organisation`,
        message: `is missing for the stage ${target.stage}. Write organisation: org_… here, or once at the top of the file`,
      });
    else return [compileSource(source, table, organisationId)];
    return [];
  });
  return { sources, absent, problems: [...problems, ...sharedNames(sources)] };
}

const organisationOf = (file: SourcesFile, source: FileSource, { stage, organisationId }: Target) =>
  valueFor(source.organisation, stage) ?? valueFor(file.organisation, stage) ?? organisationId;

function valueFor(value: string | Readonly<Record<string, string>> | undefined, stage: string): string | undefined {
  return typeof value === 'object' ? (value[stage] ?? value.default) : value;
}

/** A function tells the sources of a record by the name of its table. */
function sharedNames(sources: readonly ChangeSource[]): readonly FileProblem[] {
  const arns = new Map<string, string>();
  return sources.flatMap(({ name, tableName, arn }) => {
    if (arn === undefined) return [];
    const known = arns.get(tableName) ?? arn;
    arns.set(tableName, known);
    const message = `source ${name}: its table has the name of another one: ${known}. Give both sources the same ARN`;
    return known === arn ? [] : [{ path: 'sources', message }];
  });
}

const compileSource = (source: FileSource, table: string, organisationId: string): ChangeSource => ({
  name: source.name,
  organisationId,
  tableName: '',
  ...readTable(table),
  application:
    typeof source.application === 'string'
      ? { constant: source.application }
      : { attribute: toPath(source.application.attribute) },
  autoCreate: source.auto_create ?? false,
  rules: source.rules.map(compileRule),
});

function compileRule(rule: FileRule): Rule {
  const { on = ['insert', 'update', 'remove'], when, changed, ordering_key: orderingKey } = rule;
  return {
    name: rule.name,
    on: typeof on === 'string' ? [on] : on,
    ...(when !== undefined && { when: compilePattern(when).pattern }),
    ...(changed && { changed: changed.map(toPath) }),
    eventType: toTemplate(rule.event_type),
    payload: compilePayload(rule.payload ?? {}),
    ...(orderingKey !== undefined && { orderingKey: toTemplate(orderingKey) }),
    channels: (rule.channels ?? []).map(toTemplate),
    tags: (rule.tags ?? []).map(toTemplate),
  };
}

const compilePayload = ({
  include = [...payloadParts],
  attributes,
  redact = [],
  json = 'plain',
}: NonNullable<FileRule['payload']>): PayloadRule => ({
  include,
  ...(attributes && { attributes: attributes.map(toNames) }),
  redact: redact.map(toNames),
  json,
});

function toPath(text: string): Path {
  const path = parsePath(text);
  if (path === undefined) throw new RangeError(`${text} is no path: the file was not checked`);
  return path;
}

const toNames = (text: string): Names => toPath(text).map(String);

function toTemplate(text: string): Template {
  const parsed = parseTemplate(text);
  if ('problem' in parsed) throw new RangeError(`${text} is no template: the file was not checked`);
  return parsed.template;
}
