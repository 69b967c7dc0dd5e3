import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const docs = join(import.meta.dirname, '../../../docs');
const folder = join(docs, 'why-these-parts');

/** The text of all pages, one after the other. */
const pages = [join(docs, 'why-these-parts.md'), ...readdirSync(folder).map((file) => join(folder, file))]
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

/** What the pages say that each program prints, by the name of its file. */
export const printed: ReadonlyMap<string, string> = new Map(
  [...pages.matchAll(/<!-- printed by examples\/why-these-parts\/src\/(\S+) -->\n\n```text\n([\s\S]*?)```/g)].map(
    ([, file = '', text = '']) => [file, text],
  ),
);

/** A `curl` command of the pages, and the status that it is said to show. */
export interface CurlCommand {
  readonly path: string;
  readonly hasToken: boolean;
  readonly body: string | undefined;
  readonly status: number;
}

export const curlCommands: readonly CurlCommand[] = [
  ...pages.matchAll(/^curl -i \$API(\S+)( -H "\$AUTH")?(?: -d '([^']*)')? +# (\d{3}): /gm),
].map(([, path = '', token, body, status]) => ({ path, hasToken: token !== undefined, body, status: Number(status) }));
