export interface Waiting {
  readonly isEnough: () => boolean;
  /** What there is so far, for the one who waited in vain. */
  readonly seen: () => string;
  /** Those who are told when something has come. */
  readonly waiting: Set<() => void>;
  readonly timeoutMs: number;
}

/** Resolves as soon as there is enough; rejects with what there is when the time is over. */
export function waitUntil({ isEnough, seen, waiting, timeoutMs }: Waiting): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopWaiting = () => {
      clearTimeout(timer);
      waiting.delete(check);
    };
    const timer = setTimeout(() => {
      stopWaiting();
      reject(new Error(`not within ${timeoutMs} ms; requests so far: ${seen()}`));
    }, timeoutMs);
    const check = () => {
      if (!isEnough()) return;
      stopWaiting();
      resolve();
    };
    waiting.add(check);
    check();
  });
}
