import type { Readable } from 'node:stream';

/** What a key asks for. */
export interface KeyActions {
  readonly resend: () => void;
  readonly pause: () => void;
  /** Also Ctrl-C and Ctrl-D. */
  readonly quit: () => void;
  /** Ctrl-Z: stops the process until it gets SIGCONT. */
  readonly suspend: () => void;
}

/** A terminal that gives keys one by one in raw mode. */
export type KeyInput = Readable & { setRawMode?(isRaw: boolean): unknown };

export interface KeyWatch {
  /** Gives the terminal back as it was, such as before the process is stopped. */
  release(): void;
  /** Takes the terminal again. */
  take(): void;
}

const [ctrlC, ctrlD, ctrlZ] = ['\u0003', '\u0004', '\u001a'];

/**
 * Watches the keys of a terminal. In raw mode the terminal makes no signals of Ctrl-C and Ctrl-Z, so they are keys too.
 */
export function watchKeys(input: KeyInput, actions: KeyActions): KeyWatch {
  const onKey = (key: string): void => {
    if (key === 'r') actions.resend();
    else if (key === 'p') actions.pause();
    else if (key === ctrlZ) actions.suspend();
    else if (key === 'q' || key === ctrlC || key === ctrlD) actions.quit();
  };
  const onData = (data: Buffer | string): void => {
    const text = String(data);
    // Arrows and the like are sequences. Other keys can come together if they are typed fast.
    if (!text.startsWith('\u001b')) for (const key of text) onKey(key);
  };
  const release = (): void => {
    input.off('data', onData);
    input.setRawMode?.(false);
    input.pause();
  };
  const take = (): void => {
    // A process can be continued that was never stopped.
    input.off('data', onData);
    input.setRawMode?.(true);
    input.on('data', onData);
    input.resume();
  };
  take();
  return { take, release };
}
