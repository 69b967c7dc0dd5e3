/**
 * Starts a server on a port, or on any free one if another program has taken it.
 *
 * @param port - 0 for any free one
 */
export async function onPort<Server>(port: number, start: (port: number) => Promise<Server>): Promise<Server> {
  try {
    return await start(port);
  } catch (error) {
    if (port === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return start(0);
  }
}
