// Migrates a folder in a process of its own, which ends with SIGKILL before a certain change.
import { bringToPresentFormat } from '../migrations/present-format.ts';
import { oldNow } from './old-folder.ts';

const [path = '', lastChange = ''] = process.argv.slice(2);
let changes = 0;
await bringToPresentFormat(path, {
  queuesElsewhere: false,
  now: () => oldNow,
  report: () => undefined,
  beforeChange(what) {
    changes += 1;
    if (changes < Number(lastChange)) return;
    process.stdout.write(`${what}\n`);
    process.kill(process.pid, 'SIGKILL');
  },
});
