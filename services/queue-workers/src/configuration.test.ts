import { defaultRetrySchedule } from '@posthorn/core';
import { readWorkerConfiguration } from './configuration.ts';

const read = (variables: Record<string, string>) => readWorkerConfiguration({ POSTHORN_STAGE: 'dev', ...variables });

describe('the workers’ configuration', () => {
  it('has the default retry schedule, and takes another', () => {
    expect(read({}).retrySchedule).toEqual(defaultRetrySchedule);
    expect(read({ POSTHORN_RETRY_SCHEDULE: '1, 1,2' }).retrySchedule).toEqual([1, 1, 2]);
  });

  it.each(['1,x', '-1', '604801', '1;2', '1.5'])('refuses the schedule %s by its name', (schedule) => {
    expect(() => read({ POSTHORN_RETRY_SCHEDULE: schedule })).toThrow(/POSTHORN_RETRY_SCHEDULE: must be seconds/);
  });

  it('forbids the ports that it names, and none otherwise', () => {
    expect(read({}).forbiddenPorts).toEqual([]);
    expect(read({ POSTHORN_FORBIDDEN_PORTS: '8071, 9,65535' }).forbiddenPorts).toEqual([8071, 9, 65_535]);
    expect(() => read({ POSTHORN_FORBIDDEN_PORTS: 'http' })).toThrow(
      'POSTHORN_FORBIDDEN_PORTS: must be comma-separated',
    );
  });

  it('allows every port unless it names some, and uses no proxy unless told to', () => {
    expect(read({})).toMatchObject({ allowedPorts: [], egressProxy: undefined });
    const given = { POSTHORN_ALLOWED_PORTS: '443, 8443', POSTHORN_EGRESS_PROXY: 'http://user:hunter2@proxy:3128' };
    expect(read(given)).toMatchObject({ allowedPorts: [443, 8443], egressProxy: 'http://user:hunter2@proxy:3128' });
  });

  it.each(['proxy:3128', 'https://user:hunter2@proxy', 'http://user:hunter2@proxy/path'])(
    'refuses the proxy %s by its name, without its value',
    (proxy) => {
      const reading = () => read({ POSTHORN_EGRESS_PROXY: proxy });
      expect(reading).toThrow('POSTHORN_EGRESS_PROXY: must be the address of an HTTP proxy');
      expect(reading).not.toThrow(/hunter2/);
    },
  );

  it('allows no private network and no http unless told to', () => {
    expect(read({})).toMatchObject({ allowedSubnets: [], allowHttp: false });
    expect(read({ POSTHORN_ALLOWED_SUBNETS: 'none' })).toMatchObject({ allowedSubnets: [] });
    const allowing = { POSTHORN_ALLOWED_SUBNETS: '10.0.0.0/8, fd00::/8', POSTHORN_ALLOW_HTTP: 'true' };
    expect(read(allowing)).toMatchObject({ allowedSubnets: ['10.0.0.0/8', 'fd00::/8'], allowHttp: true });
  });
});
