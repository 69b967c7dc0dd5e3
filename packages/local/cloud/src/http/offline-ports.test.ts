import { joinPorts, portsOf } from './offline-ports.ts';

describe('the ports of serverless-offline', () => {
  it.each([
    [[{ sqs: 'a' }], {}, [3_002]],
    [[{ sqs: 'a' }, { httpApi: 'GET /' }], {}, [3_002, 3_000]],
    [[{ http: 'GET /' }], { lambdaPort: '4002', httpPort: 4_000 }, [4_002, 4_000]],
  ])('of %j with %j are %j', (events, options, ports) => {
    expect(portsOf(events, options)).toEqual(ports);
  });
});

it('joins lists of ports, each once', () => {
  expect(joinPorts(undefined, '')).toBe('');
  expect(joinPorts('8071, 3002', undefined, '3002,3000')).toBe('8071,3002,3000');
});
