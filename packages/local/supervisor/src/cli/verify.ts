import { holdFolder } from '../backup/used-folder.ts';
import { verifyStores } from '../backup/verify-folder.ts';
import { verifyHelp } from './help.ts';
import { createProgressLines } from './progress-lines.ts';
import { complain, runCommand, say } from './run-command.ts';

const damaged = 2;

await runCommand(
  {
    help: verifyHelp,
    folders: { min: 0, max: 1 },
    async run([folder], dataDir) {
      const path = folder ?? dataDir;
      const held = await holdFolder(path);
      try {
        const { findings, rows, losses } = await verifyStores(path, held.stores, createProgressLines(complain));
        for (const { missingChanges } of losses)
          say(`The machine crashed or lost power. At least ${missingChanges} of its last changes are missing.`);
        if (findings.length === 0) {
          say(`${path} is whole: ${rows} rows, each file, index, reference and count is right.`);
          return 0;
        }
        complain(`${path} is damaged or incomplete:`);
        for (const { file, problem } of findings) complain(`- ${file} ${problem}`);
        return damaged;
      } catch (error) {
        if (!held.isGone()) throw error;
        throw new Error('Posthorn ended during the check. Run the command again', { cause: error });
      } finally {
        held.release();
      }
    },
  },
  process.argv.slice(2),
);
