/**
 * Says that a server is not installed, so that its store is not tested.
 *
 * @throws Error in CI, which must test every store
 */
export function mayBeAbsent(server: string): void {
  if (process.env.CI) throw new Error(`${server} is not installed. In CI every store must be tested.`);
  // Not to stdout: there the reporter of the tests writes over it.
  process.stderr.write(
    `\nNOT TESTED: ${server} is not installed, so every test of its store has passed without it.\n\n`,
  );
}
