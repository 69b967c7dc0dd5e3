import { CliError } from '../../exit/cli-error.ts';
import { PassingFailure } from '../../reconnect/send-or-pass.ts';
import type { AttemptRow } from './attempt.ts';
import type { EndpointTail } from './follow-endpoint.ts';
import { runRound } from './run-rounds.ts';

const aRow = (timestamp: string) => ({ id: timestamp, timestamp }) as AttemptRow;
const anEndpoint = (timestamps: readonly string[], isBehind = false): EndpointTail => ({
  step: async () => ({ rows: timestamps.map(aRow), isBehind }),
});
const failing = (failure: Error): EndpointTail => ({ step: () => Promise.reject(failure) });

describe('a round', () => {
  it('has the attempts of all endpoints in the order of their times', async () => {
    const { rows } = await runRound([anEndpoint(['3', '1']), anEndpoint(['2'])]);
    expect(rows.map(({ id }) => id)).toEqual(['1', '2', '3']);
  });

  it.each([
    ['long when it is quiet', [anEndpoint([])], 2_000],
    ['shortly while attempts are made', [anEndpoint(['1']), anEndpoint([])], 250],
    ['not at all while there is more to read', [anEndpoint(['1'], true), anEndpoint([])], 0],
    ['for each endpoint, if there are many', Array.from({ length: 500 }, () => anEndpoint(['1'])), 20_000],
  ])('waits %s', async (_, endpoints, expected) => expect((await runRound(endpoints)).waitMs).toBe(expected));

  it('has what was read if some endpoints fail, and the failure that lasts', async () => {
    const passing = new PassingFailure(new CliError('unreachable', 'lost'));
    const lasting = new CliError('notAllowed', 'no');
    const { rows, failure } = await runRound([failing(passing), anEndpoint(['1']), failing(lasting)]);
    expect([rows.length, failure]).toEqual([1, lasting]);
    expect((await runRound([failing(passing)])).failure).toBe(passing);
    expect(await runRound([])).not.toHaveProperty('failure');
  });
});
