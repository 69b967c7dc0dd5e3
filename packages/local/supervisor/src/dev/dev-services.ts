import { createRestartable, type RestartableProcess } from '../processes/restartable-process.ts';
import type { ProcessChange, ProcessDefinition } from '../processes/supervised-process.ts';
import type { ServiceProcesses, Services, ServicesContext } from '../services.ts';
import { type Gate, openGate } from './gate.ts';
import { planRestarts } from './plan-restarts.ts';
import { findServicePorts, nameOf, root, type Service, type ServicePorts, serviceProcess } from './service-process.ts';
import { watchFolders } from './watch-folders.ts';
import { foldersOf, readWorkspace } from './workspace.ts';

export interface DevObserver {
  readonly onLine: (service: string, line: string) => void;
  readonly onChange: (change: ProcessChange) => void;
  /** Says something about a service. */
  readonly say: (text: string) => void;
}

/** How long requests that the API has begun may take when it is started again. */
const drainMs = 1_000;

/** A service, and the ports that are free for it. */
interface PlacedService {
  readonly name: Service;
  readonly ports: ServicePorts;
}

/** Runs services under `serverless offline`, and starts one again when code that it runs has changed. */
export async function createDevServices(names: readonly Service[], observer: DevObserver): Promise<Services> {
  const placed = await Promise.all(names.map(async (name) => ({ name, ports: await findServicePorts() })));
  const ports = placed.flatMap((service) => Object.values(service.ports));
  return {
    runs: names.map(nameOf),
    urls: ports.map((port) => `http://localhost:${port}`),
    start: (context) => startServices(placed, context, observer),
  };
}

function startServices(
  placed: readonly PlacedService[],
  context: ServicesContext,
  observer: DevObserver,
): ServiceProcesses {
  const parts: RestartableProcess[] = [];
  const closing = new AbortController();
  const open = openServices(placed, context, { observer, parts });
  open.then(({ watcher, gate }) => {
    const close = () => {
      watcher.close();
      void gate?.stop();
    };
    if (closing.signal.aborted) close();
    else closing.signal.addEventListener('abort', close, { once: true });
  }, ignore);
  return {
    ready: open.then(async ({ ready }) => void (await ready)),
    pids: () => Object.fromEntries(parts.flatMap((part) => pidOf(part))),
    async stop() {
      closing.abort();
      await open.catch(ignore);
      await Promise.all(parts.map((part) => part.stop()));
    },
  };
}

/** The caller of `ready` gets the error. */
const ignore = () => undefined;

const pidOf = (part: RestartableProcess): readonly (readonly [string, number])[] => {
  const pid = part.pid();
  return pid === undefined ? [] : [[part.name, pid]];
};

interface Opening {
  readonly observer: DevObserver;
  /** Every process is added when it is started. */
  readonly parts: RestartableProcess[];
}

async function openServices(placed: readonly PlacedService[], context: ServicesContext, { observer, parts }: Opening) {
  let gate: Gate | undefined;
  const started = await Promise.all(
    placed.map(async ({ name, ports }) => {
      const definition: ProcessDefinition = {
        ...serviceProcess(name, ports, context),
        onLine: (line) => observer.onLine(name, line),
        onChange(change) {
          observer.onChange(change);
          context.onPids();
        },
      };
      // New requests wait at the gate already.
      const part = createRestartable(definition, async () => void (name === 'api' && (await gate?.drain(drainMs))));
      parts.push(part);
      if (name === 'api') gate = await openApiGate(part, ports.httpPort, context);
      return part;
    }),
  );
  const { runners, cloudOnly } = readRunners(placed.map(({ name }) => name));
  const watcher = watchFolders(root, ['services', 'packages'], (paths) => {
    for (const { name, file, more } of planRestarts(paths, runners)) {
      const part = started.find((one) => one.name === name);
      if (part === undefined) continue;
      observer.say(`${name} starts again: ${file}${more > 0 ? ` and ${more} more` : ''} changed`);
      void restart(part, observer);
    }
    for (const { file } of planRestarts(paths, [cloudOnly]))
      observer.say(`${file} changed: the local cloud uses it when dev is started again`);
  });
  return { watcher, gate, ready: Promise.all(started.map(({ everReady }) => everReady)) };
}

/** What runs which folders. Code of the local cloud that no service runs is apart. */
function readRunners(names: readonly Service[]) {
  const workspace = readWorkspace(root);
  const runners = names.map((name) => ({ name, folders: ['services/*', ...foldersOf(`services/${name}`, workspace)] }));
  const ofServices = new Set(runners.flatMap(({ folders }) => folders));
  const ofCloud = foldersOf('packages/local/host', workspace).filter((folder) => !ofServices.has(folder));
  return { runners, cloudOnly: { name: 'the local cloud', folders: ofCloud } };
}

const openApiGate = (part: RestartableProcess, targetPort: number, { settings, port }: ServicesContext) =>
  openGate({
    host: settings.host,
    port,
    targetPort,
    ready: () =>
      part.ready().catch((cause: unknown) => {
        throw new Error('The service api does not run: see the output of dev', { cause });
      }),
  });

async function restart(part: RestartableProcess, { say }: DevObserver): Promise<void> {
  const since = performance.now();
  part.restart();
  try {
    await part.ready();
    say(`${part.name} is ready again after ${((performance.now() - since) / 1_000).toFixed(1)} s`);
  } catch {
    // Its output and `gave-up` have been printed. The next change starts it again.
  }
}
