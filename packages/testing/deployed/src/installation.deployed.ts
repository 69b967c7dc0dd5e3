import { describeChangeEvents } from './scenarios/change-events.ts';
import { describeCleanUp } from './scenarios/clean-up.ts';
import { type Context, createContext } from './scenarios/context.ts';
import { describeDelivery } from './scenarios/delivery.ts';
import { describeDeployment } from './scenarios/deployment.ts';
import { describeRoles } from './scenarios/roles.ts';

// All scenarios are in one file and use the same deployment, because it takes a minute.
let context: Context;
beforeAll(async () => {
  context = await createContext(process.env.EMULATOR_PYTHON ?? 'python3');
}, 1_800_000);
afterAll(() => context?.stop());

describeDeployment(() => context);
describeDelivery(() => context);
describeCleanUp(() => context);
describeChangeEvents(() => context);
describeRoles(() => context);
