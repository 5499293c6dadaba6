import { asHtml } from '../../platform/common/html.js';

/** Between backquotes stands code, as in Markdown. */
export const withCode = (text: string): string => asHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');

/** A page to read, without scripts. @param style rules beside those of all such pages */
export const readablePage = (title: string, style: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Evently: ${title}</title>
<link rel="icon" href="/docs/swagger-ui/favicon-32x32.png">
<style>
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: light-dark(#1b1f24, #e6edf3); background: light-dark(#fff, #0d1117) }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .4rem .8rem; border-bottom: 1px solid light-dark(#d0d7de, #30363d); vertical-align: top }
a { color: inherit }
${style}
</style>
</head>
<body>
${body}
</body>
</html>
`;
