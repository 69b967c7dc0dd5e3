import type { Readable } from 'node:stream';

/** What a key asks for. */
export interface KeyActions {
  readonly resend: () => void;
  readonly pause: () => void;
  /** `q` and Ctrl-D. */
  readonly quit: () => void;
  /** Ctrl-C. */
  readonly interrupt: () => void;
  /** Ctrl-Z: stops the process until it gets SIGCONT. */
  readonly suspend: () => void;
}

/** A terminal that gives keys one by one in raw mode. */
export type KeyInput = Readable & { setRawMode?(isRaw: boolean): unknown };

export interface KeyWatch {
  /** Takes the terminal. A process in the background must not do so: it would be stopped. */
  take(): void;
  /** Gives the terminal back as it was, if it was taken. */
  release(): void;
  /** Takes no more keys, and leaves the terminal as it is. A process in the background must not change it. */
  abandon(): void;
  isTaken(): boolean;
}

const [ctrlC, ctrlD, ctrlZ] = ['\u0003', '\u0004', '\u001a'];

/**
 * Watches the keys of a terminal, once it is taken. In raw mode the terminal makes no signals of Ctrl-C and Ctrl-Z, so
 * they are keys too.
 */
export function watchKeys(input: KeyInput, actions: KeyActions): KeyWatch {
  const onKey = (key: string): void => {
    if (key === 'r') actions.resend();
    else if (key === 'p') actions.pause();
    else if (key === ctrlZ) actions.suspend();
    else if (key === ctrlC) actions.interrupt();
    else if (key === 'q' || key === ctrlD) actions.quit();
  };
  const onData = (data: Buffer | string): void => {
    const text = String(data);
    // Arrows and the like are sequences. Other keys can come together if they are typed fast.
    if (!text.startsWith('\u001b')) for (const key of text) onKey(key);
  };
  let isTaken = false;
  const abandon = (): void => {
    if (!isTaken) return;
    isTaken = false;
    input.off('data', onData);
    input.pause();
  };
  return {
    take: () => {
      // A process can be continued that was never stopped.
      input.off('data', onData);
      input.setRawMode?.(true);
      input.on('data', onData);
      input.resume();
      isTaken = true;
    },
    release: () => {
      if (isTaken) input.setRawMode?.(false);
      abandon();
    },
    abandon,
    isTaken: () => isTaken,
  };
}
