import { findFreePort } from '@posthorn/local-supervisor/ports';
import { goodEndpoints } from '../traffic/good-endpoints.ts';
import type { WantedEndpoint } from '../traffic/prepare-tenants.ts';
import { runSystem } from './run-system.ts';
import type { Scenario } from './scenario.ts';

/** Each answers wrongly once for each message, and accepts it then. */
const once = (
  ['status-500', 'status-429', 'status-301', 'reset-mid-body', 'interim-flood', 'hang', 'drip'] as const
).map((behaviour): WantedEndpoint => ({ name: behaviour, order: 'none', behaviour, times: 1, expects: 'accepts' }));
/** Nobody needs more of an answer than its beginning, so these are successes. */
const excessive = (['endless-body', 'gzip-bomb', 'break-kept-connection'] as const).map(
  (behaviour): WantedEndpoint => ({ name: behaviour, order: 'none', behaviour, expects: 'accepts' }),
);
const inOrder = (['status-429', 'reset-mid-body'] as const).map(
  (behaviour): WantedEndpoint => ({ name: `${behaviour}-keys`, order: 'key', behaviour, times: 1, expects: 'accepts' }),
);
const gone: WantedEndpoint = { name: 'gone', order: 'none', behaviour: 'status-410', expects: 'is-disabled' };
const never = (name: string, origin: string): WantedEndpoint => ({
  name,
  origin,
  order: 'none',
  behaviour: 'accept',
  expects: 'never-accepts',
});

/** The wrong endpoints get every message of their tenant, and some take 15 s for each. */
const [share, mostMessages] = [0.5, 1_500];
/** For each message, as long as the slow endpoints take with what they have of it at a time. */
const settleMsEach = 400;

export const receivers: Scenario = {
  name: 'receivers',
  about: 'receivers answer wrongly, slowly, endlessly or not at all, beside good ones',
  async run(run) {
    const nobody = `http://127.0.0.1:${await findFreePort()}`;
    const endpoints = [
      ...goodEndpoints,
      ...once,
      ...excessive,
      ...inOrder,
      gone,
      never('refused', nobody),
      never('no-such-name', 'http://receiver.invalid'),
    ];
    // A time-out is tried again after a minute.
    const messages = Math.min(Math.ceil(run.messages * share), mostMessages);
    if (messages < run.messages)
      run.say(`posts only ${messages} of ${run.messages} messages: its slow endpoints take 15 s for each`);
    const settleMs = 150_000 + messages * settleMsEach;
    return runSystem({ ...run, messages }, { plan: {}, endpoints, perSecond: 20, settleMs });
  },
};
