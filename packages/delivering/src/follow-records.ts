import { type AttemptRepository, afterRecord, attemptIdOf, type Delivery, type HeadProgress } from '@posthorn/core';

/** Follows a delivery's recorded attempts, starting with the one that is given, to the first one that is not recorded. */
export async function followRecords(delivery: Delivery, findAttempt: AttemptRepository['find']): Promise<HeadProgress> {
  let progress: HeadProgress = { kind: 'open', delivery };
  while (progress.kind !== 'through') {
    const current: Delivery = progress.delivery;
    const attempt = await findAttempt(current.endpointId, attemptIdOf(current));
    if (!attempt) return progress;
    progress = afterRecord(current, attempt);
  }
  return progress;
}
