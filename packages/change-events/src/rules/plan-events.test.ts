import { aChange, anOrder, aRule, aSource, streamArn } from '../testing/a-change.ts';
import { planEvents } from './plan-events.ts';

const update = (next: object, old: object = anOrder) =>
  aChange({ operation: 'update', old: { ...anOrder, ...old }, new: { ...anOrder, ...next } });
const eventsOf = (rule: string, change = aChange(), more = '') => planEvents(change, aSource(rule, more));
const dataOf = (rule: string, change = aChange()) => {
  const [event] = eventsOf(rule, change);
  return event?.kind === 'event' ? JSON.parse(event.body).data : event;
};

describe('the events of a change', () => {
  it('have all that a message needs', () => {
    expect(eventsOf(`tags: ["total-\${total}"]\nchannels: ["\${customer.id}"]`)).toEqual([
      {
        kind: 'event',
        rule: 'any',
        identity: ['change', streamArn, '100000000000000000007', 'shop', 'any'],
        application: 'acme',
        eventType: 'order.insert',
        body:
          '{"type":"order.insert","timestamp":"2026-01-02T03:04:05.000Z","data":{"operation":"insert","keys":{"id":"o-1"},' +
          '"new":{"id":"o-1","status":"open","total":12.50,"customer":{"id":"acme","email":"a@b.c"}},' +
          '"changed":{"id":{"new":"o-1"},"status":{"new":"open"},"total":{"new":12.50},' +
          '"customer":{"new":{"id":"acme","email":"a@b.c"}}}}}',
        orderingKey: 'orders {"id":"o-1"}',
        channels: ['acme'],
        tags: ['total-12.50'],
      },
    ]);
  });

  it('are those of the operations that the rule names; removals by time to live are told apart', () => {
    const all = (['insert', 'update', 'remove', 'expire'] as const).map((operation) =>
      aChange({ operation, ...(operation === 'insert' ? {} : { old: anOrder }) }),
    );
    const made = (rule: string) =>
      all.flatMap((change) => eventsOf(rule, change)).map((event) => 'eventType' in event && event.eventType);
    expect(made('')).toEqual(['order.insert', 'order.update', 'order.remove']);
    expect(made('on: expire')).toEqual(['order.expire']);
    expect(made('on: [insert, expire]')).toEqual(['order.insert', 'order.expire']);
  });

  it('are left out unless one of the named attributes changed', () => {
    const rule = 'changed: [status, customer.id]';
    expect(eventsOf(rule, update({ status: { S: 'paid' } }))).toHaveLength(1);
    expect(eventsOf(rule, update({ customer: { M: { id: { S: 'other' } } } }))).toHaveLength(1);
    expect(eventsOf(rule, update({ total: { N: '13' } }))).toHaveLength(0);
    expect(eventsOf(rule, update({ status: undefined }, {}))).toHaveLength(1);
    expect(eventsOf(rule)).toHaveLength(1);
  });

  it('are left out unless the condition matches', () => {
    const rule = 'when: { new: { status: [paid] }, old: { status: [open] } }';
    expect(eventsOf(rule, update({ status: { S: 'paid' } }))).toHaveLength(1);
    expect(eventsOf(rule, update({ status: { S: 'paid' } }, { status: { S: 'paid' } }))).toHaveLength(0);
  });

  it('show what changed, with both values', () => {
    const change = update(
      { status: { S: 'paid' }, customer: { M: { id: { S: 'acme' }, email: { S: 'new@b.c' } } }, paidAt: { S: 'now' } },
      { note: { N: '9007199254740993' } },
    );
    expect(eventsOf('payload: { include: [changed] }', change)).toMatchObject([
      {
        body: expect.stringContaining(
          '"data":{"operation":"update","changed":{"status":{"old":"open","new":"paid"},' +
            '"customer.email":{"old":"a@b.c","new":"new@b.c"},"paidAt":{"new":"now"},"note":{"old":9007199254740993}}}',
        ),
      },
    ]);
  });

  it('show only chosen attributes, and the others hidden', () => {
    const change = update({ customer: { M: { id: { S: 'acme' }, email: { S: 'new@b.c' } } }, total: { N: '1' } });
    const rule = 'payload: { include: [new, changed], attributes: [status, customer], redact: [customer.email] }';
    const customer = { id: 'acme', email: '[redacted]' };
    expect(dataOf(rule, change)).toEqual({
      operation: 'update',
      new: { status: 'open', customer },
      changed: { 'customer.email': { old: '[redacted]', new: '[redacted]' } },
    });
    const hidden = dataOf('payload: { include: [keys, old, changed], redact: [id, customer] }', change);
    expect(hidden).toMatchObject({ keys: { id: '[redacted]' }, old: { id: '[redacted]', customer: '[redacted]' } });
    expect(hidden.changed).toEqual({
      total: { old: 12.5, new: 1 },
      customer: { old: '[redacted]', new: '[redacted]' },
    });
    expect(JSON.stringify(hidden)).not.toContain('b.c');
  });

  it('choose and hide members of all elements of a list', () => {
    const lines = { L: [{ M: { sku: { S: 'a' }, price: { N: '1' }, x: { S: 'y' } } }, { S: 'odd' }] };
    const rule = 'payload: { include: [new], attributes: [lines.sku, lines.price], redact: [lines.price] }';
    expect(dataOf(rule, update({ lines })).new).toEqual({ lines: [{ sku: 'a', price: '[redacted]' }, 'odd'] });
  });

  it('have types of DynamoDB on request', () => {
    const data = dataOf(
      'payload: { include: [keys, new, changed], json: dynamodb }',
      update({ status: { S: 'paid' } }),
    );
    expect(data.keys).toEqual({ id: { S: 'o-1' } });
    expect(data.new.total).toEqual({ N: '12.50' });
    expect(data.changed).toEqual({ status: { old: { S: 'open' }, new: { S: 'paid' } } });
  });

  it('have the ordering key of the item, or of the template; a long one is shortened', () => {
    const keyOf = (rule: string, change = aChange()) =>
      eventsOf(rule, change).map((event) => 'orderingKey' in event && event.orderingKey);
    expect(keyOf(`ordering_key: \${customer.id}`)).toEqual(['acme']);
    const long = aChange({ keys: { id: { S: 'x'.repeat(2_000) } } });
    const other = aChange({ keys: { id: { S: 'x'.repeat(1_999) } } });
    expect(keyOf('', long)).toEqual([expect.stringMatching(/^sha256 [0-9a-f]{32}$/)]);
    expect(keyOf('', long)).not.toEqual(keyOf('', other));
  });

  it('find their application in the item, also in one that was removed', () => {
    const source = { ...aSource(''), application: { attribute: ['customer', 'id'] } };
    const removed = aChange({ operation: 'remove', old: anOrder });
    expect([aChange(), removed].flatMap((change) => planEvents(change, source))).toMatchObject([
      { application: 'acme' },
      { application: 'acme' },
    ]);
  });

  it.each([
    ['event_type: there is no item.nothing', '', { eventType: [{ kind: 'value', image: 'item', path: ['nothing'] }] }],
    [
      'event_type: item.customer is no text, number, true or false',
      '',
      { eventType: [{ kind: 'value', image: 'item', path: ['customer'] }] },
    ],
    [
      'event_type: must be 1 to 256 letters, digits, and . _ -, and not only . or ..',
      '',
      { eventType: [{ kind: 'text', text: 'a b' }] },
    ],
    ['channels: an entry is empty, too long or has a character that is not allowed', 'channels: ["a b"]', {}],
    ['ordering_key: there is no old.status', `ordering_key: \${old.status}`, {}],
  ] as const)('are refused: %s', (reason, rule, overrides) => {
    const source = aSource(rule);
    const rules = source.rules.map((one) => ({ ...one, ...overrides }));
    expect(planEvents(aChange(), { ...source, rules })).toEqual([
      { kind: 'refused', rule: 'any', reason: `source shop, rule any: ${reason}` },
    ]);
  });

  it.each(['.', '..'])('are refused for an application or an event type of the name %s, a step in a path', (text) => {
    const change = aChange({ new: { ...anOrder, customer: { M: { id: { S: text } } } } });
    const ofCustomer = { ...aSource(''), application: { attribute: ['customer', 'id'] } };
    const reason = 'source shop, rule any: application: customer.id of the item is no id or uid of an application';
    expect(planEvents(change, ofCustomer)).toEqual([{ kind: 'refused', rule: 'any', reason }]);
    const source = aSource('');
    const rules = source.rules.map((one) => ({ ...one, eventType: [{ kind: 'text', text } as const] }));
    const refused = { kind: 'refused', rule: 'any', reason: expect.stringContaining('event_type: must be') };
    expect(planEvents(aChange(), { ...source, rules })).toEqual([refused]);
  });

  it('are refused if they are too large, and the reason shows no data', () => {
    const change = aChange({ new: { ...anOrder, secret: { S: 'x'.repeat(400_000) } } });
    expect(eventsOf('', change)).toHaveLength(1);
    const old = { secret: { S: 'y'.repeat(400_000) } };
    const [event] = eventsOf('', aChange({ ...change, operation: 'update', old }));
    expect(event).toEqual({
      kind: 'refused',
      rule: 'any',
      reason: 'source shop, rule any: payload: has more than 1048576 bytes. Choose fewer attributes',
    });
  });

  it('of one rule do not depend on another rule that is refused', () => {
    const source = aSource('');
    const [good] = source.rules;
    const bad = { ...aRule(`ordering_key: \${nothing}`), name: 'bad' };
    const planned = planEvents(aChange(), { ...source, rules: [bad, ...(good ? [good] : [])] });
    expect(planned.map(({ kind, rule }) => [kind, rule])).toEqual([
      ['refused', 'bad'],
      ['event', 'any'],
    ]);
  });

  it('are the same for the same change of a source that went through JSON', () => {
    const source = aSource('changed: [status]\nwhen: { new: { total: [{ numeric: [">", 9007199254740993] }, 12.5] } }');
    const copy = JSON.parse(JSON.stringify(source));
    expect(planEvents(aChange(), copy)).toEqual(planEvents(aChange(), source));
    expect(planEvents(aChange(), copy)).toHaveLength(1);
  });
});
