import type { Locale } from '../common/locale.js';
import { escapeHtml } from './html.js';
import type { Mail } from './mailbox.js';

/** Contents of a mail, without its looks. Every text may come from people: none of it can become markup or a link. */
export interface Letter {
  readonly locale: Locale;
  readonly to: string;
  /** Absent: it is not known. */
  readonly name?: string;
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** Address of a picture above all of it, which tells nothing that the text does not. */
  readonly picture?: string | null;
  /** Label and value, one a line; the address makes a link of the value. */
  readonly details?: readonly Detail[];
  readonly button?: { readonly url: string; readonly label: string };
  /** Below the button, small. */
  readonly footer?: { readonly text: string; readonly url: string };
}

export type Detail = readonly [label: string, value: string, url?: string];

/** Who writes: at the head and foot of each mail. These texts come from administrators, so addresses in them stay links. */
export interface Letterhead {
  readonly name: string;
  /** `#rrggbb`, dark enough for white text; null: that of the product. */
  readonly accent: string | null;
  /** Address of its picture; null: the name stands there alone. */
  readonly logo: string | null;
  readonly links: readonly { readonly text: string; readonly url: string }[];
}

const GREETING: Record<Locale, string> = { en: 'Hello', de: 'Guten Tag' };

const OWN_ACCENT = '#1d3557';

const ZERO_WIDTH_SPACE = '\u200b';

/** Mail programs make links of what looks like one; names and titles of strangers must not lead anywhere. */
export const inert = (text: string): string =>
  text.replace(/:(?=\/\/)|\.(?=\p{L})|@(?=\S)/gu, (found) => found + ZERO_WIDTH_SPACE);

/** A letter as a mail, as text and as HTML that says the same. */
export function compose(letter: Letter, head: Letterhead): Mail {
  const { to, subject, button, locale, name, paragraphs, details = [] } = letter;
  const lines = [`${[GREETING[locale], name].filter(Boolean).join(' ')},`, ...paragraphs].map(inert);
  const rows = details.map(([label, value, url]): Detail => [label, inert(value), url]);
  const text = [
    ...lines,
    ...(rows.length > 0
      ? [rows.map(([label, value, url]) => `${label}: ${value}${url ? ` (${url})` : ''}`).join('\n')]
      : []),
    ...(button ? [`${button.label}: ${button.url}`] : []),
    ['-- ', head.name, ...smallLinks(letter, head).map((link) => `${link.text}: ${link.url}`)].join('\n'),
  ].join('\n\n');
  const title = inert(subject.replace(/\s+/g, ' '));
  return { to, subject: title, text: `${text}\n`, html: page(locale, title, lines, rows, letter, head) };
}

const smallLinks = ({ footer }: Letter, { links }: Letterhead) => (footer ? [footer, ...links] : links);

const FONT = 'font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif';

/** Tables and styles on each element: what mail programs agree on. */
function page(
  locale: Locale,
  title: string,
  lines: readonly string[],
  rows: readonly Detail[],
  letter: Letter,
  head: Letterhead,
): string {
  const { button, picture } = letter;
  const accent = head.accent ?? OWN_ACCENT;
  const e = escapeHtml;
  const paragraphs = lines.map((line) => `<p style="margin:0 0 16px">${e(line)}</p>`).join('\n');
  const details = rows.map(
    ([label, value, url]) =>
      `<tr><td style="padding:4px 16px 4px 0;color:#5b6573;vertical-align:top">${e(label)}</td><td style="padding:4px 0">${url ? `<a href="${e(url)}" style="color:${e(accent)}">${e(value)}</a>` : e(value)}</td></tr>`,
  );
  const table = `<table role="presentation" style="${FONT};font-size:16px;line-height:24px;margin:0 0 24px;border-collapse:collapse">${details.join('\n')}</table>`;
  const link =
    button &&
    `<p style="margin:0 0 24px"><a href="${e(button.url)}" style="display:inline-block;background:${e(accent)};color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">${e(button.label)}</a></p>`;
  const sign = head.logo
    ? `<img src="${e(head.logo)}" alt="${e(head.name)}" height="40" style="display:block;height:40px;max-width:240px;border:0">`
    : e(head.name);
  const above = `<p style="margin:0 0 16px;font-weight:600;color:${e(accent)}">${sign}</p>`;
  const shown =
    picture &&
    `<p style="margin:0 0 24px"><img src="${e(picture)}" alt="" style="display:block;width:100%;max-height:280px;object-fit:cover;border:0;border-radius:6px"></p>`;
  const links = smallLinks(letter, head).map(
    (link) => ` · <a href="${e(link.url)}" style="color:#5b6573">${e(link.text)}</a>`,
  );
  const small = `<p style="margin:24px 0 0;padding-top:16px;border-top:1px solid #d9dee5;font-size:13px;line-height:20px;color:#5b6573">${e(head.name)}${links.join('')}</p>`;
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${e(title)}</title></head>
<body style="margin:0;background:#f3f5f8">
<table role="presentation" style="width:100%;border-collapse:collapse"><tr><td style="padding:24px 12px">
<div style="max-width:560px;margin:0 auto;background:#ffffff;border-radius:8px;padding:32px;${FONT};font-size:16px;line-height:24px;color:#1b2430">
${[above, shown, paragraphs, rows.length > 0 && table, link, small].filter(Boolean).join('\n')}
</div></td></tr></table></body></html>`;
}
