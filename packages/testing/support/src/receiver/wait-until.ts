export interface Waiting {
  readonly isEnough: () => boolean;
  /** Describes what has arrived so far, for the error text. */
  readonly seen: () => string;
  /** Called when something has arrived. */
  readonly waiting: Set<() => void>;
  readonly timeoutMs: number;
}

/** Resolves as soon as enough has arrived. After the time limit it rejects with what has arrived. */
export function waitUntil({ isEnough, seen, waiting, timeoutMs }: Waiting): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopWaiting = () => {
      clearTimeout(timer);
      waiting.delete(check);
    };
    const timer = setTimeout(() => {
      stopWaiting();
      reject(new Error(`the expected requests did not arrive within ${timeoutMs} ms; so far: ${seen()}`));
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
