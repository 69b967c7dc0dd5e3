import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { controlToken } from '@posthorn/local-host/control';
import { dataFolderAt } from './data-folder.ts';
import { readLocalCloud } from './local-cloud-file.ts';

/**
 * Sends a command to the Posthorn that uses a data folder.
 *
 * @param command - method and path, such as `GET /status`
 * @returns nothing if it does not run, is not ready yet, or is being started again
 */
export async function sendCommand(dataDir: string, command: string): Promise<IncomingMessage | undefined> {
  const cloud = await readLocalCloud(dataFolderAt(dataDir));
  // The processes of one that was stopped are removed from the file.
  if (cloud?.control === undefined || cloud.processes.host === undefined) return undefined;
  const [method = '', path = ''] = command.split(' ');
  const headers = { authorization: `Bearer ${controlToken((cloud.system ?? cloud).secretAccessKey)}` };
  const asking = request(`${cloud.control}${path}`, { method, headers, agent: false });
  try {
    asking.end();
    // The event has one value.
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    if (response.statusCode !== 401) return response;
    // It was killed, and its port is now another program's, such as a Posthorn with another folder.
    response.resume();
    return undefined;
  } catch {
    // Nobody listens: the port is of a process that has ended.
    return undefined;
  }
}

/**
 * Sends a command whose answer is JSON.
 *
 * @returns nothing in the cases of `sendCommand`
 * @throws with the problem that the running system reports
 */
export async function askRunning(dataDir: string, command: string): Promise<unknown> {
  const response = await sendCommand(dataDir, command);
  if (response === undefined) return undefined;
  const answer: unknown = JSON.parse(await text(response));
  if (response.statusCode === 200) return answer;
  // The control endpoint answers every failure in this form.
  throw new Error((answer as { readonly problem: string }).problem);
}
