/** Stops the process until it is continued, as Ctrl-Z does. The shell that started it takes the terminal meanwhile. */
export const suspendProcess = (): void => void process.kill(process.pid, 'SIGTSTP');

/** Calls back each time the process goes on after a stop. @returns ends that */
export function onContinue(callback: () => void): () => void {
  process.on('SIGCONT', callback);
  return () => process.off('SIGCONT', callback);
}
