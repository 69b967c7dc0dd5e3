/** A table as the file names it. */
export interface NamedTable {
  readonly tableName: string;
  /** Present if it was named by an ARN. */
  readonly arn?: string;
}

const tableForm = /^[a-zA-Z0-9_.-]{3,255}$/;
const arnForm = /^arn:[a-z-]+:dynamodb:[a-z0-9-]+:[^:]*:table\/([a-zA-Z0-9_.-]{3,255})(\/stream\/[^/]+)?$/;

/**
 * Reads the name of a table, or its ARN or that of its stream.
 *
 * @returns `undefined` if the text is none of these
 */
export function readTable(text: string): NamedTable | undefined {
  if (tableForm.test(text)) return { tableName: text };
  const [arn, tableName] = arnForm.exec(text) ?? [];
  return arn === undefined || tableName === undefined ? undefined : { tableName, arn };
}

/** Whether an ARN is that of a stream. */
export const isStreamArn = (arn: string): boolean => /\/stream\/[^/]+$/.test(arn);
