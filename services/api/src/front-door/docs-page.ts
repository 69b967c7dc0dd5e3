import type { OpenApiDocument } from '@posthorn/contracts/api/openapi';

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
code, pre { font: 13px/1.5 ui-monospace, monospace }
pre { background: #f6f6f6; padding: .75rem; overflow: auto }
summary { cursor: pointer; padding: .25rem 0 }
.method { display: inline-block; min-width: 4.5rem; font-weight: 600 }
.summary { color: #666 }`;

/** The API reference as one page that loads nothing else. */
export function docsPage({ info, paths, components }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => details(`${method.toUpperCase()} ${path}`, operation)),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(info.title)} API</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(info.title)} API</h1>
<p>${escapeHtml(info.description)} Machines read <a href="/api/v1/openapi.json">openapi.json</a>.</p>
<p>Every request carries <code>Authorization: Bearer &lt;token&gt;</code>.</p>
<h2>Operations</h2>
${operations.join('\n')}
<h2>Schemas</h2>
${Object.entries(components.schemas)
  .map(([name, schema]) => details(name, schema))
  .join('\n')}
</body>
</html>`;
}

function details(title: string, content: unknown): string {
  // Operations have a summary, schemas have none.
  const { summary = '' } = content as { readonly summary?: string };
  return `<details>
<summary><code>${escapeHtml(title)}</code> <span class="summary">${escapeHtml(summary)}</span></summary>
<pre>${escapeHtml(JSON.stringify(content, null, 2))}</pre>
</details>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
