import { itemText } from './json-text.ts';

describe('the JSON text of an item', () => {
  it('has every number exactly as DynamoDB has it', () => {
    const digits = '12345678901234567890123456789012345678';
    expect(
      itemText({ a: { N: '9007199254740993' }, b: { N: digits }, c: { N: '0.10' }, d: { N: '1E+100' } }, 'plain'),
    ).toBe(`{"a":9007199254740993,"b":${digits},"c":0.10,"d":1E+100}`);
  });

  it('has each kind of value as JSON has it', () => {
    const item = {
      text: { S: 'a"\u2028\ud800' },
      yes: { BOOL: true },
      no: { NULL: true },
      bytes: { B: 'AQI=' },
      list: { L: [{ S: 'x' }, { N: '1' }, { L: [] }] },
      map: { M: { 'odd "name"': { M: {} } } },
      texts: { SS: ['a', 'b'] },
      numbers: { NS: ['1', '9007199254740993'] },
      binaries: { BS: ['AQ==', 'Ag=='] },
      empty: { S: '' },
    };
    expect(itemText(item, 'plain')).toBe(
      '{"text":"a\\"\u2028\\ud800","yes":true,"no":null,"bytes":"AQI=","list":["x",1,[]],"map":{"odd \\"name\\"":{}},' +
        '"texts":["a","b"],"numbers":[1,9007199254740993],"binaries":["AQ==","Ag=="],"empty":""}',
    );
  });

  it('has an attribute whose name an object inherits', () => {
    const item = JSON.parse('{"__proto__":{"S":"x"},"constructor":{"N":"1"}}');
    expect(itemText(item, 'plain')).toBe('{"__proto__":"x","constructor":1}');
  });

  it('can have the types of DynamoDB', () => {
    const item = { a: { N: '9007199254740993' }, b: { SS: ['x'] } };
    expect(itemText(item, 'dynamodb')).toBe('{"a":{"N":"9007199254740993"},"b":{"SS":["x"]}}');
  });

  it('is refused for a number that is none', () => {
    expect(() => itemText({ a: { N: 'Infinity' } }, 'plain')).toThrow('not written as one');
  });
});
