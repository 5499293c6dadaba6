import { ERROR_CODES, STATUS } from '../../platform/common/error-codes.js';
import { asHtml } from '../../platform/common/html.js';
import { readablePage } from './html.js';

const rows = Object.entries(ERROR_CODES).map(([code, [kind, title]]) => ({
  code,
  status: STATUS[kind],
  title,
}));

/** The table of error codes as `docs/ERRORS.md`, written by `npm run docs:errors`. */
export function errorTableMarkdown(): string {
  return `# Error codes

Every error is an RFC 9457 document (\`application/problem+json\`) whose \`code\` is one of these. A code never changes its
status or meaning. Made from \`src/platform/common/error-codes.ts\` by \`npm run docs:errors\`.

| code | status | meaning |
| --- | --- | --- |
${rows.map(({ code, status, title }) => `| \`${code}\` | ${status} | ${title} |`).join('\n')}
`;
}

/** The same as a page; `type` of a problem document points to a row of it. */
export function errorTablePage(): string {
  return readablePage(
    'error codes',
    'tr:target { background: light-dark(#fff3bf, #4d3d00) }',
    `<h1>Error codes</h1>
<p>Every error is an RFC 9457 document (<code>application/problem+json</code>) whose <code>code</code> is one of these.
A code never changes its status or meaning. Quote <code>correlationId</code> when you report an error.</p>
<table>
<thead><tr><th>code</th><th>status</th><th>meaning</th></tr></thead>
<tbody>
${rows.map(({ code, status, title }) => `<tr id="${code}"><td><a href="#${code}"><code>${code}</code></a></td><td>${status}</td><td>${asHtml(title)}</td></tr>`).join('\n')}
</tbody>
</table>`,
  );
}
