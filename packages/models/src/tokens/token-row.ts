import { hash } from 'node:crypto';
import type { ExpiryMark, ExpiryMarks, ExpiryOrder, IssuedToken } from '@posthorn/core';
import { expiryAttribute, toEpochSeconds } from '../rows/expiry.ts';
import { ForeignRow, ifPresent, instantOf, numberOf, type Row, textOf, withoutAbsent } from '../rows/row.ts';

/** The partition of the tokens that operators have revoked, of all organisations. */
export const revokedPartition = 'revoked';
/** Its row that counts the changes. It sorts before the tokens. */
export const versionEntry = '!version';
export const versionsKey = { owner: revokedPartition, entry: versionEntry };
/** The attribute of that row that counts the changes of which schemas are enforced: both counts are one read. */
export const enforcementVersion = 'enforcement';

/** Rows outlive what they are about by a day: clocks differ. */
const dayMs = 24 * 3_600_000;
const aDayAfter = (time: Date): number => toEpochSeconds(new Date(time.getTime() + dayMs));

/** The sort keys of an application's or organisation's rows. Integrations have their id. */
export const entries = {
  issued: (tokenId: string): string => `issued#${tokenId}`,
  revoked: (tokenId: string): string => `revoked#${tokenId}`,
  /** The marks of a session, or of all tokens of the application. A session can have any name, so its digest is the key. */
  marks: (sessionId?: string): string =>
    sessionId === undefined ? 'marks' : `marks#${hash('sha256', sessionId, 'base64url')}`,
};

/** A row that says that a token is revoked. It is kept as long as the token could be used. */
export const toRevokedRow = (key: Row, expiresAt: Date | undefined): Row =>
  withoutAbsent({ ...key, [expiryAttribute]: expiresAt && aDayAfter(expiresAt) });

const ownerOf = ({ organisationId, applicationId }: Pick<IssuedToken, 'organisationId' | 'applicationId'>) =>
  applicationId ?? organisationId;

export const toIssuedRow = (token: IssuedToken): Row =>
  withoutAbsent({
    owner: ownerOf(token),
    entry: entries.issued(token.tokenId),
    tokenId: token.tokenId,
    organisationId: token.organisationId,
    applicationId: token.applicationId,
    sessionId: token.sessionId,
    generation: token.generation,
    issuedAt: token.issuedAt.toISOString(),
    until: token.expiresAt.toISOString(),
    [expiryAttribute]: aDayAfter(token.expiresAt),
  });

export const readIssued = (row: Row): IssuedToken => ({
  tokenId: textOf(row, 'tokenId'),
  organisationId: textOf(row, 'organisationId'),
  ...withoutAbsent({
    applicationId: ifPresent(row, 'applicationId', textOf),
    sessionId: ifPresent(row, 'sessionId', textOf),
    generation: ifPresent(row, 'generation', numberOf),
  }),
  issuedAt: instantOf(row, 'issuedAt'),
  expiresAt: instantOf(row, 'until'),
});

const noMarks: ExpiryMarks = { generation: 0, marks: [], revision: 0 };

/** @param keptUntil - absent for the marks of all tokens: some tokens that were signed elsewhere are valid for years */
export const toMarksRow = (key: Row, marks: ExpiryMarks, keptUntil: Date | undefined): Row =>
  withoutAbsent({
    ...key,
    generation: marks.generation,
    marks: JSON.stringify(marks.marks),
    orders: marks.orders && JSON.stringify(marks.orders),
    revision: marks.revision,
    [expiryAttribute]: keptUntil && aDayAfter(keptUntil),
  });

export const readMarks = (row: Row | undefined): ExpiryMarks =>
  row === undefined
    ? noMarks
    : {
        generation: numberOf(row, 'generation'),
        marks: rowsIn(row, 'marks').map(readMark),
        ...withoutAbsent({ orders: ifPresent(row, 'orders', rowsIn)?.map(readOrder) }),
        revision: numberOf(row, 'revision'),
      };

const readMark = (mark: Row): ExpiryMark => ({
  generation: numberOf(mark, 'generation'),
  issuedUntil: instantOf(mark, 'issuedUntil'),
  expiresAt: instantOf(mark, 'expiresAt'),
});

const readOrder = (order: Row): ExpiryOrder => ({
  name: textOf(order, 'name'),
  generation: numberOf(order, 'generation'),
  orderedAt: instantOf(order, 'orderedAt'),
});

/** The list in an attribute that is one JSON text. */
function rowsIn(row: Row, attribute: string): readonly Row[] {
  const list: unknown = JSON.parse(textOf(row, attribute));
  if (!Array.isArray(list)) throw new ForeignRow(attribute);
  return list;
}
