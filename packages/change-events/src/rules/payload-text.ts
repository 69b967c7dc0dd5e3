import { changedPaths } from '../values/changed-paths.ts';
import { itemText, type JsonForm, valueText } from '../values/json-text.ts';
import { type Names, pickParts, redactParts } from '../values/parts-of-item.ts';
import { findValue, formatPath, isWithin, type Path } from '../values/path.ts';
import type { Item } from '../values/value.ts';
import type { ItemChange } from './item-change.ts';
import type { PayloadPart, PayloadRule } from './source.ts';

/**
 * The payload of an event, as text: `{"type":…,"timestamp":…,"data":{"operation":…,"keys":…,…}}`, the form that Standard
 * Webhooks recommends. It is built from the item's own texts, so no number is rounded.
 *
 * @throws UnusableData if the item has a number that is none
 */
export function payloadText(change: ItemChange, eventType: string, rule: PayloadRule): string {
  const { redact, json } = rule;
  const pick = (item: Item | undefined) =>
    item === undefined || rule.attributes === undefined ? item : pickParts(item, rule.attributes);
  const [next, old] = [pick(change.new), pick(change.old)];
  const imageText = (item: Item | undefined) => item && itemText(redactParts(item, redact), json);
  const texts: Readonly<Record<PayloadPart, string | undefined>> = {
    keys: imageText(change.keys),
    new: imageText(next),
    old: imageText(old),
    changed: changesText({ old, next, redact, json }),
  };
  const members = rule.include.flatMap((part) => (texts[part] === undefined ? [] : [`,"${part}":${texts[part]}`]));
  const data = `{"operation":"${change.operation}"${members.join('')}}`;
  return `{"type":${JSON.stringify(eventType)},"timestamp":"${change.changedAt.toISOString()}","data":${data}}`;
}

interface Versions {
  readonly old: Item | undefined;
  readonly next: Item | undefined;
  readonly redact: readonly Names[];
  readonly json: JsonForm;
}

/** `{"status":{"old":"open","new":"paid"}}`. A value that must not be shown is told by its own path. */
function changesText({ old, next, redact, json }: Versions): string {
  const shownOld = old && redactParts(old, redact);
  const shownNext = next && redactParts(next, redact);
  const shown = new Map<string, Path>();
  for (const path of changedPaths(old, next)) {
    const visible = redact.find((hidden) => isWithin(path, hidden)) ?? path;
    shown.set(formatPath(visible), visible);
  }
  const members = [...shown].map(([name, path]) => {
    const versions = [
      ['old', findValue(shownOld, path)] as const,
      ['new', findValue(shownNext, path)] as const,
    ].flatMap(([side, value]) => (value === undefined ? [] : [`"${side}":${valueText(value, json)}`]));
    return `${JSON.stringify(name)}:{${versions.join(',')}}`;
  });
  return `{${members.join(',')}}`;
}
