import { restoreBackup } from '../backup/restore-backup.ts';
import { restoreHelp } from './help.ts';
import { createProgressLines, inMb } from './progress-lines.ts';
import { complain, runCommand, say } from './run-command.ts';

await runCommand(
  {
    help: restoreHelp,
    folders: { min: 1, max: 1 },
    async run([backup = ''], dataDir) {
      const { bytes, rows } = await restoreBackup(backup, dataDir, createProgressLines(complain));
      say(`${dataDir} is restored from ${backup}: ${rows} rows, ${inMb(bytes)} MB. Start Posthorn with it.`);
      return 0;
    },
  },
  process.argv.slice(2),
);
