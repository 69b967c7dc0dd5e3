import { sealingKeyOf } from '@posthorn/secrets/secret-box';
import { jwtSecretOf, readApiConfiguration } from './configuration.ts';

const environment = { POSTHORN_STAGE: 'dev' };

describe('the configuration', () => {
  it('keeps messages for 90 days and asks for https unless told otherwise', () => {
    expect(readApiConfiguration(environment)).toMatchObject({ messageRetentionDays: 90, allowHttp: false });
  });

  it('takes a file for either secret on one machine, and the services of AWS by their names otherwise', () => {
    const files = { POSTHORN_JWT_SECRET_FILE: 'jwt', POSTHORN_MASTER_KEY_FILE: 'key' };
    const local = readApiConfiguration({ ...environment, ...files });
    const deployed = readApiConfiguration(environment);
    expect([jwtSecretOf(local), sealingKeyOf(local)]).toEqual([{ jwtSecretFile: 'jwt' }, { masterKeyFile: 'key' }]);
    expect([jwtSecretOf(deployed), sealingKeyOf(deployed)]).toEqual([
      { jwtSecretId: 'posthorn-dev-jwt' },
      { kmsKeyId: 'alias/posthorn-dev-secrets' },
    ]);
  });
});
