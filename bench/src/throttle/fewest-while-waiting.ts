/**
 * The fewest requests in a window through which messages waited: those that had been accepted when it began were more
 * than had been received when it ended. Nothing if there is no such window until the
 * measurement ends. Times in milliseconds.
 */
export function fewestWhileWaiting(
  received: readonly number[],
  accepted: readonly number[],
  { windowMs, endsAt }: { readonly windowMs: number; readonly endsAt: number },
): number | undefined {
  const [ends, starts] = [received, accepted].map((times) => times.toSorted((one, other) => one - other));
  let fewest: number | undefined;
  let [acceptedBefore, receivedUntil] = [0, 0];
  for (const [index, from] of (ends ?? []).entries()) {
    if (from + windowMs > endsAt) break;
    while ((starts?.[acceptedBefore] ?? Number.POSITIVE_INFINITY) <= from) acceptedBefore += 1;
    while ((ends?.[receivedUntil] ?? Number.POSITIVE_INFINITY) <= from + windowMs) receivedUntil += 1;
    if (acceptedBefore <= receivedUntil) continue;
    fewest = Math.min(fewest ?? Number.POSITIVE_INFINITY, receivedUntil - index - 1);
  }
  return fewest;
}
