import { CliError } from '../../exit/cli-error.ts';

/** The options of `tail`, as the command line has them. */
export interface TailArguments {
  readonly app: string;
  readonly endpoint?: string;
  readonly events?: readonly string[];
  readonly status?: string;
  readonly code?: string;
  readonly since?: string;
}

/** The numbers of the API. */
const statuses: Readonly<Record<string, number>> = { success: 0, fail: 2, canceled: 4 };
const codes: Readonly<Record<string, number>> = { none: 0, '1xx': 100, '2xx': 200, '3xx': 300, '4xx': 400, '5xx': 500 };

/** The filters as parameters of the API. @throws CliError `usage` for a value that there is not */
export const toFilterQuery = ({ status, code, events }: TailArguments) => ({
  ...(status !== undefined && { status: choose('--status', status, statuses) }),
  ...(code !== undefined && { status_code_class: choose('--code', code, codes) }),
  ...(events !== undefined && { event_types: events }),
});

function choose(option: string, text: string, values: Readonly<Record<string, number>>): number {
  const value = Object.hasOwn(values, text) ? values[text] : undefined;
  if (value !== undefined) return value;
  throw new CliError('usage', `${option} ${text}: is not known`, {
    remedy: `Use one of ${Object.keys(values).join(', ')}`,
  });
}
