import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locale } from '../../platform/common/locale.js';
import type { Picture } from './page.rules.js';

/** Files that Vite has made of a source, by the path of the source. */
type Manifest = Readonly<Record<string, { file: string; imports?: string[]; css?: string[] }>>;

const ENTRY = 'index.html';

/** The page in which the app starts, as Vite has built it: the server fills in head and picture. */
export function readShell(folder: string) {
  const built = readFileSync(join(folder, ENTRY), 'utf8');
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8'));
  const parts =
    /^(.*<html lang=")en(".*?)<meta name="description"[^>]*>\s*<title>[^<]*<\/title>(.*)(<\/head>.*<div id="root">)(<\/div>.*)$/s.exec(
      built,
    );
  if (!parts) throw new Error(`${join(folder, ENTRY)} has another form than the server fills in`);
  const [, start, afterLanguage, afterTitle, beforePicture, end] = parts;
  const known = filesOf(manifest, [ENTRY]);
  const hints = (sources: string[]) =>
    filesOf(manifest, sources)
      .filter((file) => !known.includes(file))
      .map((file) =>
        file.endsWith('.css')
          ? `<link rel="stylesheet" crossorigin href="/${file}">`
          : `<link rel="modulepreload" crossorigin href="/${file}">`,
      )
      .join('\n');
  return {
    /** @param code source of the page, whose files are then sent for at once and not one after the other */
    page: ({ head, body }: Picture, locale: Locale, code: readonly string[] = []): string =>
      [
        `${start}${locale}${afterLanguage}`,
        head,
        `${afterTitle}${hints([`src/i18n/${locale}.ts?shop`, ...code])}\n`,
        `${beforePicture}${body}${end}`,
      ].join(''),
  };
}

function filesOf(manifest: Manifest, sources: readonly string[]): string[] {
  const files = new Set<string>();
  const add = (source: string) => {
    const { file, imports = [], css = [] } = manifest[source]!;
    if (!file.endsWith('.html')) files.add(file);
    for (const name of css) files.add(name);
    imports.forEach(add);
  };
  sources.forEach(add);
  return [...files];
}
