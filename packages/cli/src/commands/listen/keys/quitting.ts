interface QuittingOptions {
  /** After the message that is being sent. */
  readonly stop: () => void;
  /** At once, whatever is being waited for. */
  readonly stopNow: () => void;
}

/** What the keys do that end a session. The first one stops it; a second one, of either kind, at once. */
export interface Quitting {
  readonly quit: () => void;
  /** Ctrl-C: the exit code says so. */
  readonly interrupt: () => void;
  isInterrupted(): boolean;
}

export function createQuitting({ stop, stopNow }: QuittingOptions): Quitting {
  let [isQuitting, isInterrupted] = [false, false];
  const quit = (): void => {
    if (isQuitting) stopNow();
    isQuitting = true;
    stop();
  };
  return {
    quit,
    interrupt: () => {
      isInterrupted = true;
      quit();
    },
    isInterrupted: () => isInterrupted,
  };
}
