import { createRedaction } from './redaction.ts';

describe('what is written on stderr', () => {
  it('has no token, in JSON too', () => {
    const { hideToken, redact } = createRedaction({});
    hideToken('to"ken\\1');
    expect(redact('with to"ken\\1')).toBe('with [token]');
    expect(redact(JSON.stringify({ a: 'to"ken\\1' }))).toBe('{"a":"[token]"}');
  });

  it('has no secret and no password of the environment', () => {
    const { redact } = createRedaction({
      ...{ POSTHORN_TOKEN: 'token-01', POSTHORN_SECRET: 'whsec_aa whsec_bb', POSTHORN_SIGNING_SECRET: 'whsec_cc' },
      ...{ HTTPS_PROXY: 'http://me:pass%20word@proxy:1', https_proxy: undefined, all_proxy: 'me:other@proxy:1' },
    });
    expect(redact('token-01 whsec_aa whsec_bb whsec_cc')).toBe('[token] [secret] [secret] [secret]');
    expect(redact('pass%20word, pass word, other')).toBe('[password], [password], [password]');
  });

  it('is left as it is for what is too short to be a secret', () => {
    expect(createRedaction({ HTTP_PROXY: 'http://me:a@proxy:1' }).redact('a message')).toBe('a message');
  });
});
