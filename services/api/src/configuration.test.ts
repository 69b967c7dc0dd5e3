import { jwtSecretOf, readApiConfiguration, sealingKeyOf } from './configuration.ts';

const environment = { POSTHORN_STAGE: 'dev' };

describe('the configuration', () => {
  it('keeps messages for 90 days and asks for https unless told otherwise', () => {
    expect(readApiConfiguration(environment)).toMatchObject({ messageRetentionDays: 90, allowHttp: false });
  });

  it('takes a file before a service for either secret', () => {
    const files = { POSTHORN_JWT_SECRET_FILE: 'jwt', POSTHORN_MASTER_KEY_FILE: 'key' };
    const services = { POSTHORN_JWT_SECRET_ARN: 'arn:jwt', POSTHORN_KMS_KEY_ARN: 'arn:key' };
    const local = readApiConfiguration({ ...environment, ...services, ...files });
    const deployed = readApiConfiguration({ ...environment, ...services });
    expect([jwtSecretOf(local), sealingKeyOf(local)]).toEqual([{ jwtSecretFile: 'jwt' }, { masterKeyFile: 'key' }]);
    expect([jwtSecretOf(deployed), sealingKeyOf(deployed)]).toEqual([
      { jwtSecretId: 'arn:jwt' },
      { kmsKeyId: 'arn:key' },
    ]);
  });

  it('names what must be set', () => {
    const configuration = readApiConfiguration(environment);
    expect(() => jwtSecretOf(configuration)).toThrow('POSTHORN_JWT_SECRET_ARN');
    expect(() => sealingKeyOf(configuration)).toThrow('POSTHORN_KMS_KEY_ARN');
  });
});
