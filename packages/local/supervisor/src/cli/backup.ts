import { takeBackup } from '../backup/take-backup.ts';
import { backupHelp } from './help.ts';
import { createProgressLines, inMb } from './progress-lines.ts';
import { complain, runCommand, say } from './run-command.ts';

await runCommand(
  {
    help: backupHelp,
    folders: { min: 1, max: 1 },
    async run([target = ''], dataDir) {
      const { bytes, pauseMs } = await takeBackup(dataDir, target, createProgressLines(complain));
      const pause = pauseMs === undefined ? '' : ` Writes waited for ${Math.ceil(pauseMs)} ms.`;
      say(
        `${target} is a backup of ${dataDir}: ${inMb(bytes)} MB.${pause} Keep it like a secret: it contains the keys.`,
      );
      return 0;
    },
  },
  process.argv.slice(2),
);
