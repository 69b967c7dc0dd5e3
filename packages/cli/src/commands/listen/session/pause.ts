import { once } from 'node:events';

/** Whether a session is paused. */
export interface Pause {
  readonly isOn: () => boolean;
  toggle(): void;
  /** Comes back when the session is not paused, or the signal is aborted. Never throws. */
  untilOff(signal: AbortSignal): Promise<void>;
}

export function createPause(): Pause {
  const changes = new EventTarget();
  let isOn = false;
  return {
    isOn: () => isOn,
    toggle: () => {
      isOn = !isOn;
      changes.dispatchEvent(new Event('change'));
    },
    untilOff: async (signal) => {
      while (isOn && !signal.aborted) await once(changes, 'change', { signal }).catch(() => undefined);
    },
  };
}
