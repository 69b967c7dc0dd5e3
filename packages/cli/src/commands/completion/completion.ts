import { Argument, type Command } from 'commander';
import type { Context } from '../../context.ts';
import { listCommandWords } from './command-tree.ts';
import { completionScript, type Shell, shells } from './scripts.ts';

const examples = `
Examples:
  $ source <(posthorn completion bash)
  $ posthorn completion zsh > "\${fpath[1]}/_posthorn"
  $ posthorn completion fish > ~/.config/fish/completions/posthorn.fish`;

/** `posthorn completion`: a script for the shell, made from the commands. */
export const addCompletion = (program: Command, context: Context): Command =>
  program
    .command('completion')
    .description('Print a script that completes commands and options in a shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText('after', examples)
    .action(async (shell: Shell) => {
      const script = completionScript(shell, listCommandWords(program));
      await (context.options().json ? context.print({ shell, script }, script) : context.printRaw(script));
    });
