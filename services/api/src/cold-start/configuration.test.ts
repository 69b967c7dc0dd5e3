import { sealingKeyOf } from '@posthorn/secrets/secret-box';
import { jwtSecretOf, readApiConfiguration } from './configuration.ts';

const environment = { POSTHORN_STAGE: 'dev' };

describe('the configuration', () => {
  it('keeps messages for 90 days and requires https by default', () => {
    expect(readApiConfiguration(environment)).toMatchObject({ messageRetentionDays: 90, allowHttp: false });
  });

  it('allows 500 endpoints of an application by default', () => {
    expect(readApiConfiguration(environment)).toMatchObject({ maxEndpoints: 500 });
    expect(readApiConfiguration({ ...environment, POSTHORN_MAX_ENDPOINTS: '20' })).toMatchObject({ maxEndpoints: 20 });
  });

  it('reads both secrets from files on one machine, and from AWS by their names otherwise', () => {
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
