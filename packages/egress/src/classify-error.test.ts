import { Blocked } from './blocked.ts';
import { classifyError, mayRetryAtOnce } from './classify-error.ts';

const withCode = (code: string, options?: ErrorOptions) =>
  Object.assign(new Error('connect to 10.0.0.1:443 failed', options), { code });

describe('a failed exchange', () => {
  it.each([
    ['ENOTFOUND', 'dns'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['ECONNRESET', 'reset'],
    ['ECONNREFUSED', 'refused'],
    ['ENETUNREACH', 'other'],
    ['SOMETHING_ELSE', 'other'],
  ])('with %s is %s, in words that tell nothing of our network', (code, reason) => {
    const failure = classifyError(withCode(code));
    expect(failure.reason).toBe(reason);
    expect(failure.text).not.toContain('10.0.0.1');
  });

  it('is read through what wraps it', () => {
    expect(classifyError(withCode('UNKNOWN', { cause: withCode('ECONNREFUSED') })).reason).toBe('refused');
    expect(classifyError(new AggregateError([new Blocked(), withCode('ECONNREFUSED')])).reason).toBe('blocked');
    expect(classifyError('not even an error').reason).toBe('other');
  });

  it('is tried again only when the connection broke, and broke at once', () => {
    expect(mayRetryAtOnce(withCode('ECONNRESET'), 999)).toBe(true);
    expect(mayRetryAtOnce(withCode('ECONNRESET'), 1_000)).toBe(false);
    expect(mayRetryAtOnce(withCode('ECONNREFUSED'), 0)).toBe(false);
    expect(mayRetryAtOnce(new Blocked(), 0)).toBe(false);
  });
});
