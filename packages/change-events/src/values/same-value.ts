import type { Item, Value } from './value.ts';

/** Whether two values are the same to DynamoDB. The order of a set or of the members of a map does not count. */
export const isSameValue = (one: Value | undefined, other: Value | undefined): boolean =>
  one === undefined || other === undefined ? one === other : canonicalText(one) === canonicalText(other);

/** A text that two values share exactly if they are the same. DynamoDB writes the same number always in the same way. */
function canonicalText({ L, M, SS, NS, BS, ...scalar }: Value): string {
  if (L) return `L[${L.map(canonicalText).join()}]`;
  if (M) return `M{${membersText(M)}}`;
  if (SS) return `SS${JSON.stringify(SS.toSorted())}`;
  if (NS) return `NS${JSON.stringify(NS.toSorted())}`;
  if (BS) return `BS${JSON.stringify(BS.toSorted())}`;
  return JSON.stringify(scalar);
}

const membersText = (item: Item): string =>
  Object.keys(item)
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${canonicalText(item[name] ?? {})}`)
    .join();
