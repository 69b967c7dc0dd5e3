import { parseArgs } from 'node:util';
import { createDevServices } from '../dev/dev-services.ts';
import { type Service, services } from '../dev/service-process.ts';
import { readSettings } from '../settings.ts';
import { type System, startSystem } from '../system.ts';
import { createDevOutput } from './dev-output.ts';
import { devHelp } from './help.ts';
import { say } from './run-command.ts';
import { runSystem } from './run-system.ts';
import { welcome } from './welcome.ts';

const options = { services: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

/** Returns the services of a list such as `api,db-triggers`. `none` is no service. */
function readServices(list: string): readonly Service[] {
  if (list === 'none') return [];
  return list.split(',').map((name) => {
    const service = services.find((one) => one === name);
    if (service) return service;
    throw new Error(`--services ${list}: ${name || 'an empty name'} is not one of ${services.join(', ')}, none`);
  });
}

await runSystem((args) => {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) return void say(devHelp);
  const chosen = readServices(values.services ?? services.join(','));
  const settings = readSettings(process.env);
  const output = createDevOutput(say);
  return {
    async start(giveUp) {
      say(`Starting the local cloud, then ${chosen.join(', ') || 'no service'} …`);
      return startSystem(settings, output, giveUp, await createDevServices(chosen, output));
    },
    onReady(system) {
      if (chosen.includes('api')) {
        const directory = process.env.INIT_CWD ?? process.cwd();
        say(welcome(system, { directory, allowedSubnets: settings.allowedSubnets }));
      } else say(`The local cloud is ready, in ${system.folder.path}.`);
      say(others(chosen, system));
    },
  };
});

function others(chosen: readonly Service[], { folder }: System): string {
  const left = services.filter((service) => !chosen.includes(service));
  if (left.length === 0) return 'A service starts again when its code changes.';
  const commands = left.map((service) => `  (cd services/${service} && npx serverless offline)`);
  return [`Start the other services with POSTHORN_DATA_DIR=${folder.path}:`, ...commands].join('\n');
}
