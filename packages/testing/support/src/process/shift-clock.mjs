// Moves the clock of a process: `node --import shift-clock.mjs`, with the shift in milliseconds in CLOCK_SHIFT_MS, or in a
// file that CLOCK_SHIFT_FILE names and that may change at any time. Timers are not changed.
import { readFileSync, watchFile } from 'node:fs';

const { CLOCK_SHIFT_MS, CLOCK_SHIFT_FILE: file } = process.env;
const lookEveryMs = 50;
const RealDate = Date;
let shift = Number(CLOCK_SHIFT_MS ?? 0);

if (file) {
  // The file is empty for a moment while it is written.
  const read = () => {
    const text = readFileSync(file, 'utf8');
    if (text !== '') shift = Number(text);
  };
  read();
  watchFile(file, { interval: lookEveryMs, persistent: false }, read);
}

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + shift] : given));
  }

  static now() {
    return RealDate.now() + shift;
  }
};
