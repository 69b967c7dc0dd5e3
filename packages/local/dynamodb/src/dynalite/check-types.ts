import { RequestFailure, validationFailure } from '../failure.ts';

/** A type in dynalite's notation, such as `Map<AttributeValue>` with the type of its members. */
type Type = string | { readonly type: string; readonly children?: Type | Types; readonly nullMember?: string };
export type Types = Readonly<Record<string, Type>>;

const nullValue = 'The supplied Item contains a null AttributeValue';
const listOf = (children: Type, nullMember = nullValue): Type => ({ type: 'List', children, nullMember });

/** The members of an attribute value. */
const attributeTypes: Types = {
  S: 'String',
  B: 'Blob',
  N: 'String',
  BOOL: 'Boolean',
  NULL: 'Boolean',
  BS: listOf('Blob'),
  NS: listOf('String', 'A value provided cannot be converted into a number'),
  SS: listOf(
    'String',
    'One or more parameter values were invalid: An string set may not have a null string as a member',
  ),
  L: listOf('AttrStruct<ValueStruct>'),
  M: { type: 'Map<AttributeValue>', children: 'AttrStruct<ValueStruct>' },
};

const javaPackage = 'com.amazonaws.dynamodb.v20120810';
const typeFailure = (message: string): RequestFailure =>
  new RequestFailure('com.amazon.coral.service#SerializationException', message);

/**
 * Returns a copy of the known members of a request. It replaces dynalite's function, which fails for null in lists and
 * maps, and loses members that are named `__proto__`. The messages are DynamoDB's.
 *
 * Maps in the copy have no prototype, because dynalite reads members with any name from them.
 *
 * @throws RequestFailure for a value of the wrong type
 */
export function checkTypes(request: object, types: Types): Record<string, unknown> {
  return checkStruct(request as Readonly<Record<string, unknown>>, types, '');
}

function checkStruct(value: Readonly<Record<string, unknown>>, types: Types, where: string): Record<string, unknown> {
  const checked: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(types)) {
    const member = value[name];
    if (member === null || member === undefined) continue;
    checked[name] = check(member, type, `${where}${where && '.'}${name[0]?.toLowerCase()}${name.slice(1)}`);
  }
  return checked;
}

function check(value: unknown, type: Type, where: string): unknown {
  const { type: written, children, nullMember } = typeof type === 'string' ? { type } : { ...type };
  const [, kind = written, of = ''] = /^(\w+)<(.+)>$/.exec(written) ?? [];
  switch (kind) {
    case 'AttrStruct':
      return checkStruct(requireObject(value, of, 'AttributeValue'), attributeTypes, where);
    case 'ValueStruct':
    case 'FieldStruct':
      return checkStruct(requireObject(value, kind, of), children as Types, where);
    case 'Map':
    case 'ParameterizedMap':
      return checkMap(requireMap(value, kind, of), children as Type, where);
    case 'List':
    case 'ParameterizedList':
      return requireList(value, kind).map((member, index) =>
        member === null
          ? refuseNull(nullMember ?? missingAt(`${where}.${index + 1}`))
          : check(member, children as Type, `${where}.${index + 1}`),
      );
    default:
      return checkScalar(value, kind);
  }
}

function checkMap(value: object, children: Type, where: string): Record<string, unknown> {
  const isItem = typeof children === 'string' && children.startsWith('AttrStruct');
  const checked: Record<string, unknown> = Object.create(null);
  for (const [name, member] of Object.entries(value)) {
    if (member === null) refuseNull(isItem ? `${nullValue}: ${name} is null` : missingAt(`${where}.${name}`));
    checked[name] = check(member, children, `${where}.${name}`);
  }
  return checked;
}

const missingAt = (where: string): string =>
  `1 validation error detected: Value null at '${where}.member' failed to satisfy constraint: Member must not be null`;

function refuseNull(message: string): never {
  throw validationFailure(message);
}

function requireObject(value: unknown, kind: string, of: string): Readonly<Record<string, unknown>> {
  if (Array.isArray(value)) throw typeFailure(`Unrecognized collection type class ${javaPackage}.${of}`);
  if (typeof value !== 'object')
    throw typeFailure(kind === 'ValueStruct' ? 'Unexpected value type in payload' : 'Unexpected field type');
  // Each member is checked.
  return value as Readonly<Record<string, unknown>>;
}

const notParameterized =
  'class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class ' +
  '(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of loader ' +
  "'bootstrap')";

function requireMap(value: unknown, kind: string, of: string): object {
  const members = kind === 'ParameterizedMap' ? 'AttributeValue' : of;
  const name = members.includes('.') ? members : `${javaPackage}.${members}`;
  if (Array.isArray(value)) throw typeFailure(`Unrecognized collection type java.util.Map<java.lang.String, ${name}>`);
  if (typeof value === 'object' && value !== null) return value;
  throw typeFailure(kind === 'Map' ? 'Unexpected field type' : notParameterized);
}

function requireList(value: unknown, kind: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'object') throw typeFailure('Start of structure or map found where not expected');
  throw typeFailure(kind === 'List' ? 'Unexpected field type' : notParameterized);
}

const booleans: Readonly<Record<string, boolean>> = {
  TRUE: true,
  1: true,
  YES: true,
  FALSE: false,
  0: false,
  NO: false,
};

function checkScalar(value: unknown, kind: string): unknown {
  if (Array.isArray(value))
    throw typeFailure(
      `Unrecognized collection type class ${kind === 'Blob' ? 'java.nio.ByteBuffer' : `java.lang.${kind}`}`,
    );
  if (typeof value === 'object') throw typeFailure('Start of structure or map found where not expected');
  switch (kind) {
    case 'Boolean':
      return toBoolean(value);
    case 'String':
      if (typeof value !== 'string') throw cannotConvert(value, kind);
      return value;
    case 'Blob':
      return checkBlob(value);
    default:
      if (typeof value !== 'number') throw cannotConvert(value, kind);
      return kind === 'Double' ? value : Math.floor(value);
  }
}

function toBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') throw cannotConvert(value, 'Boolean');
  const found = booleans[value.toUpperCase()];
  if (found === undefined) throw typeFailure('Unexpected token received from parser');
  return found;
}

function checkBlob(value: unknown): string {
  if (typeof value !== 'string') throw typeFailure('only base-64-encoded strings are convertible to bytes');
  if (value.length % 4)
    throw typeFailure(`Base64 encoded length is expected a multiple of 4 bytes but found: ${value.length}`);
  if (Buffer.from(value, 'base64').toString('base64') !== value)
    throw typeFailure('Invalid last non-pad Base64 character dectected');
  return value;
}

function cannotConvert(value: unknown, kind: string): RequestFailure {
  const name = {
    string: 'STRING',
    boolean: value ? 'TRUE' : 'FALSE',
    number: Number.isInteger(value) ? 'NUMBER' : 'DECIMAL',
  };
  return typeFailure(`${name[typeof value as keyof typeof name]}_VALUE cannot be converted to ${kind}`);
}
