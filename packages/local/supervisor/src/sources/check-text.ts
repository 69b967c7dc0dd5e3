import { type ChangeSource, planEvents } from '@posthorn/change-events';
import { type SampleParts, sampleChange } from '@posthorn/change-events/samples';

type Rule = ChangeSource['rules'][number];

/**
 * The sources as text, with the events that each rule would make of a sample change.
 *
 * @param parts - the sample, as far as the caller gives it
 */
export const checkText = (sources: readonly ChangeSource[], parts: SampleParts): string =>
  sources
    .map((source) => [headOf(source), ...source.rules.map((rule) => ruleText(source, rule, parts))].join('\n'))
    .join('\n\n');

function headOf({ name, tableName, organisationId, application, autoCreate }: ChangeSource): string {
  const which =
    'constant' in application
      ? `application ${application.constant}`
      : `application with the id or uid in ${application.attribute.join('.')}`;
  return `source ${name}: table ${tableName}, ${which}${autoCreate ? ', created if missing' : ''}, ${organisationId}`;
}

function ruleText(source: ChangeSource, rule: Rule, parts: SampleParts): string {
  const change = sampleChange(source, rule, parts);
  const head = `  rule ${rule.name} (on ${rule.on.join(', ')}), for ${parts.item ? 'the' : 'a made-up'} ${change.operation}:`;
  const [event] = planEvents(change, { ...source, rules: [rule] });
  return [head, ...linesOf(event).map((line) => `    ${line}`)].join('\n');
}

function linesOf(event: ReturnType<typeof planEvents>[number] | undefined): readonly string[] {
  if (event === undefined) return ['no event: the change does not match. Give another one: --item, --old, --operation'];
  if (event.kind === 'refused') return [`set aside: ${event.reason}`];
  const { eventType, application, orderingKey, channels, tags, body } = event;
  return [
    `${eventType} to application ${application}, ordering key ${orderingKey}`,
    ...(channels.length > 0 ? [`channels ${channels.join(', ')}`] : []),
    ...(tags.length > 0 ? [`tags ${tags.join(', ')}`] : []),
    body,
  ];
}
