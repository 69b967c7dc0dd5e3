import { reasonOfError, type Stage, timeLimitFailure, toFailure } from './known-errors.ts';
import { Unreachable } from './unreachable.ts';

const withCode = (code: string) => Object.assign(new Error('connect to 10.0.0.1:443 failed'), { code });

describe('a known error', () => {
  it.each<[string, Stage, string]>([
    ['ECONNREFUSED', 'connecting', 'refused'],
    ['ENETUNREACH', 'connecting', 'unroutable'],
    ['ETIMEDOUT', 'connecting', 'connect-timeout'],
    ['ECONNRESET', 'handshake', 'reset-before-request'],
    ['EPROTO', 'handshake', 'tls-failed'],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'handshake', 'tls-failed'],
    ['ERR_OSSL_ASN1_WRONG_TAG', 'handshake', 'tls-failed'],
    ['CERT_HAS_EXPIRED', 'handshake', 'certificate-expired'],
    ['CERT_NOT_YET_VALID', 'handshake', 'certificate-not-yet-valid'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'handshake', 'certificate-wrong-name'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'handshake', 'certificate-untrusted'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'handshake', 'certificate-untrusted'],
    ['CERT_REVOKED', 'handshake', 'certificate-invalid'],
    ['UNSPECIFIED', 'handshake', 'certificate-invalid'],
    ['EPIPE', 'sending', 'reset-before-request'],
    ['ECONNRESET', 'waiting', 'reset'],
    ['ETIMEDOUT', 'waiting', 'timeout'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'waiting', 'tls-failed'],
    ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'answering', 'answer-cut-off'],
    ['ENOTFOUND', 'naming', 'name-not-found'],
    ['ETIMEOUT', 'naming', 'name-server-silent'],
    ['ESERVFAIL', 'naming', 'name-server-failed'],
    ['ECONNREFUSED', 'naming', 'name-server-failed'],
    ['ECONNRESET', 'answering', 'answer-cut-off'],
    ['HPE_INVALID_CONSTANT', 'answering', 'not-http'],
    ['HPE_HEADER_OVERFLOW', 'answering', 'not-http'],
  ])('%s while %s is %s, in words that reveal nothing about our network', (code, stage, reason) => {
    const failure = toFailure(withCode(code), stage);
    expect(failure).toBeInstanceOf(Unreachable);
    expect(failure).toMatchObject({ reason, message: expect.not.stringContaining('10.0.0.1') });
  });

  it('of several addresses is the error of the first one', () => {
    const failed = Object.assign(new AggregateError([withCode('ECONNREFUSED')]), { code: 'ECONNREFUSED' });
    expect(reasonOfError(failed, 'connecting')).toBe('refused');
  });
});

describe('any other error', () => {
  it.each([
    new TypeError('undefined is not a function'),
    withCode('ERR_INVALID_CHAR'),
    withCode('ERR_INVALID_URL'),
    withCode('ERR_INVALID_ARG_TYPE'),
    withCode('ERR_TLS_INVALID_PROTOCOL_VERSION'),
    withCode('EMFILE'),
    withCode('ENOMEM'),
    withCode('HPE_USER'),
    withCode('HPE_CB_HEADERS_COMPLETE'),
    withCode('toString'),
    'not even an error',
    undefined,
    { code: 42 },
  ])('is our own fault and stays what it is: %p', (error) => {
    for (const stage of ['naming', 'connecting', 'handshake', 'sending', 'waiting', 'answering'] as const)
      expect(toFailure(error, stage)).toBe(error);
  });

  it.each(['UNSPECIFIED', 'INVALID_PURPOSE'])('includes %s outside a handshake', (code) => {
    expect(reasonOfError(withCode(code), 'waiting')).toBeUndefined();
  });
});

it('an exchange that has used up its time failed at the stage that it had reached', () => {
  const stages = ['naming', 'connecting', 'handshake', 'sending', 'waiting', 'answering'] as const;
  expect(stages.map((stage) => timeLimitFailure(stage).reason)).toEqual([
    'name-server-silent',
    'connect-timeout',
    'tls-timeout',
    'timeout',
    'timeout',
    'answer-timeout',
  ]);
});
