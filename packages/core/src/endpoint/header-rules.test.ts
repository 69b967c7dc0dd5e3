import { checkEndpointHeaders, isSensitiveHeader, mergeSpellings } from './header-rules.ts';

const problems = (headers: Record<string, string>) => checkEndpointHeaders(headers).map(({ loc }) => loc.at(-1));

describe('endpoint headers', () => {
  it('may be any that the sender does not set itself', () => {
    expect(problems({ Authorization: 'Bearer x', 'X-Tenant': 'a b', 'x-empty': '', 'x-high': 'é' })).toEqual([]);
  });

  it.each([
    ...[
      'Host',
      'CONTENT-TYPE',
      'content-length',
      'transfer-encoding',
      'connection',
      'Proxy-Connection',
      'User-Agent',
      'x-amz-date',
      'X-Google',
    ],
    ...['svix-id', 'Webhook-Signature', 'bad name', '', 'x:y', 'naïve'],
  ])('may not be named %j', (name) => {
    expect(problems({ [name]: 'x' })).toEqual([name]);
  });

  it.each(['a\r\nInjected: 1', 'a\nb', ' leading', 'trailing ', 'nul\0', '日本'])(
    'may not have the value %j',
    (value) => {
      expect(problems({ 'x-a': value })).toEqual(['x-a']);
    },
  );

  it('have at most 4,096 bytes each', () => {
    expect(problems({ 'x-a': 'a'.repeat(4096), 'x-b': 'a'.repeat(4097) })).toEqual(['x-b']);
  });

  it('have at most 65,536 bytes together, names and values', () => {
    const headers = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`x-${n + 100_000}`, 'a'.repeat(4_088)]));
    expect(checkEndpointHeaders(headers(16))).toEqual([]);
    expect(checkEndpointHeaders({ ...headers(16), a: '' })).toMatchObject([{ loc: ['body', 'headers'] }]);
  });

  it.each([[['X-Key', 'x-key']], [['x-tenant', 'X-Other', 'X-TENANT']]])(
    'are given once each, whatever the case: %j',
    (names) => {
      const [issue, ...more] = checkEndpointHeaders(Object.fromEntries(names.map((name, n) => [name, `${n}`])));
      expect(issue).toMatchObject({ loc: ['body', 'headers', names.at(-1)] });
      expect(issue?.msg).toContain(`${names[0]} and ${names.at(-1)}`);
      expect(more).toEqual([]);
    },
  );

  it('that are stored in two spellings become one, with the last value', () => {
    expect(mergeSpellings({ 'X-Key': 'one', 'X-Other': 'a', 'x-key': 'two' })).toEqual({
      'x-key': 'two',
      'X-Other': 'a',
    });
  });

  it('that carry credentials are sensitive, however they are written', () => {
    expect(['Authorization', 'X-API-Key', 'x-other'].map(isSensitiveHeader)).toEqual([true, true, false]);
  });
});
