import { readSettings } from './settings.ts';

describe('the settings', () => {
  it('have defaults', () => {
    expect(readSettings({})).toMatchObject({
      host: '127.0.0.1',
      port: 8071,
      dataDir: '.posthorn',
      sourcesFile: 'posthorn.sources.yml',
      store: 'embedded',
      durability: 'process',
      retrySchedule: '',
      allowedSubnets: ['127.0.0.0/8', '::1/128'],
    });
  });

  it('come from the environment', () => {
    const environment = {
      POSTHORN_HOST: '0.0.0.0',
      POSTHORN_PORT: '0',
      POSTHORN_DATA_DIR: '/a',
      POSTHORN_SOURCES: '/b.yml',
      POSTHORN_DYNAMODB: 'http://localhost:8000',
      POSTHORN_DURABILITY: 'machine',
      POSTHORN_RETRY_SCHEDULE: '1, 1,2',
      POSTHORN_ALLOWED_SUBNETS: '10.0.0.0/8,fd00::/8',
    };
    expect(readSettings(environment)).toMatchObject({
      host: '0.0.0.0',
      port: 0,
      dataDir: '/a',
      sourcesFile: '/b.yml',
      store: 'http://localhost:8000',
      durability: 'machine',
      retrySchedule: '1, 1,2',
      allowedSubnets: ['10.0.0.0/8', 'fd00::/8'],
    });
  });

  it('allow no private network with none', () => {
    expect(readSettings({ POSTHORN_ALLOWED_SUBNETS: 'none' }).allowedSubnets).toEqual([]);
  });

  it('allow http endpoints unless told not to', () => {
    const of = (variables: Record<string, string>) => readSettings(variables).allowHttp;
    expect([of({}), of({ POSTHORN_ALLOW_HTTP: 'true' }), of({ POSTHORN_ALLOW_HTTP: 'false' })]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each(['127.0.0.1', '192.168.1.5', '::1', '::'])('take %s as the address to listen on', (host) => {
    expect(readSettings({ POSTHORN_HOST: host }).host).toBe(host);
  });

  it.each([
    ['POSTHORN_HOST', 'localhost'],
    ['POSTHORN_HOST', '127.0.0.1:80'],
    ['POSTHORN_HOST', '[::1]'],
    ['POSTHORN_PORT', '65536'],
    ['POSTHORN_PORT', '-1'],
    ['POSTHORN_PORT', '8071 '],
    ['POSTHORN_CONNECTIONS_PER_ADDRESS', '-1'],
    ['POSTHORN_CONNECTIONS_PER_ADDRESS', 'many'],
    ['POSTHORN_DYNAMODB', 'sqlite'],
    ['POSTHORN_DURABILITY', 'always'],
    ['POSTHORN_RETRY_SCHEDULE', '5,,300'],
    ['POSTHORN_RETRY_SCHEDULE', '5s'],
    ['POSTHORN_ALLOWED_SUBNETS', '10.0.0.1'],
    ['POSTHORN_ALLOWED_SUBNETS', '10.0.0.0/33'],
    ['POSTHORN_ALLOWED_SUBNETS', 'none,10.0.0.0/8'],
    ['POSTHORN_METRICS_PORT', '70000'],
    ['POSTHORN_METRICS_PORT', 'on'],
    ['POSTHORN_FORBIDDEN_PORTS', '5432,x'],
    ['POSTHORN_FORBIDDEN_PORTS', '70000'],
    ['POSTHORN_ALLOWED_PORTS', '443,https'],
    ['POSTHORN_ALLOW_HTTP', 'yes'],
    ['POSTHORN_EGRESS_PROXY', 'proxy:3128'],
    ['POSTHORN_EGRESS_PROXY', 'https://user:hunter2@proxy'],
    ['POSTHORN_MAX_ENDPOINTS', '0'],
    ['POSTHORN_RATE_LIMIT', 'ten'],
    ['POSTHORN_MESSAGE_RETENTION_DAYS', '0'],
    ['POSTHORN_SUCCESS_RETENTION_DAYS', 'a month'],
    ['POSTHORN_FAILURE_RETENTION_DAYS', '-1'],
    ['POWERTOOLS_LOG_LEVEL', 'loud'],
    ['POSTHORN_ACCESS_LOG', 'maybe'],
  ])('reject %s=%s and name the variable', (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(`${name}: must be `);
    expect(() => readSettings({ [name]: value })).not.toThrow('hunter2');
  });
});
