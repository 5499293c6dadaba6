import type { Locale } from '../common/locale.js';
import type { DevMailEntity } from './dev-mail.entity.js';
import { WORDS } from './dev-mail.words.js';
import type { DevMailAttachmentEntity } from './dev-mail-attachment.entity.js';
import { escapeHtml as e } from './html.js';

export type Attached = Pick<DevMailAttachmentEntity, 'no' | 'filename' | 'contentType'> & {
  readonly size: number;
};

/** An opened mail; undefined when it is not kept any more. */
export type OpenedMail = DevMailEntity & { readonly attachments: readonly Attached[] };

export interface Inbox {
  readonly locale: Locale;
  readonly mails: readonly Pick<DevMailEntity, 'id' | 'to' | 'subject' | 'sentAt'>[];
  /** Address whose mails alone are listed. */
  readonly to?: string;
  /** Opened by its address; without it a wide screen shows the newest one. */
  readonly asked: boolean;
  readonly open?: OpenedMail;
  readonly view: 'html' | 'text';
}

/** Times of the page as the clocks of its reader tell them. */
export const INBOX_SCRIPT = `const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
for (const time of document.querySelectorAll('time')) time.textContent = format.format(new Date(time.dateTime));
`;

const STYLE = `:root{color-scheme:light dark;--ink:light-dark(#1b2430,#e6edf3);--soft:light-dark(#5b6573,#a3adb9);--line:light-dark(#d0d7de,#30363d);--paper:light-dark(#f3f5f8,#0d1117);--surface:light-dark(#fff,#161b22);--accent:light-dark(#1d4e89,#8ab4f8);--chosen:light-dark(#e3edf9,#1f2c3f)}
*{box-sizing:border-box}body{margin:0;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);overflow-wrap:anywhere}
h1,h2,p,ul{margin:0;padding:0}ul{list-style:none}a{color:var(--accent)}
header{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:center;padding:.75rem 1rem;border-bottom:1px solid var(--line);background:var(--surface)}
h1{font-size:1.25rem}header p{flex:1 1 16rem}.soft,header p{color:var(--soft);font-size:.875rem}
form{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
input,button{font:inherit;min-height:2.75rem;min-width:0;max-width:100%;padding:.25rem .75rem;border:1px solid var(--soft);border-radius:.4rem;background:var(--surface);color:inherit}
.panes{display:grid;grid-template-columns:minmax(15rem,22rem) minmax(0,1fr);height:calc(100dvh - 5rem)}
nav{overflow:auto;border-right:1px solid var(--line)}
nav a{display:block;padding:.6rem 1rem;border-bottom:1px solid var(--line);color:inherit;text-decoration:none}
nav a:hover,nav a[aria-current]{background:var(--chosen)}nav a[aria-current]{box-shadow:inset 4px 0 var(--accent)}
nav strong{display:block;font-weight:600}
article{display:flex;flex-direction:column;gap:.75rem;padding:1rem;min-width:0;overflow:auto}
h2{font-size:1.15rem}.spread{justify-content:space-between}
.row{display:flex;flex-wrap:wrap;gap:.5rem}
.row a{display:inline-flex;align-items:center;min-height:2.75rem;padding:.25rem .9rem;border:1px solid var(--line);border-radius:.4rem;background:var(--surface)}
.row a[aria-current]{border-color:var(--accent);font-weight:600}
iframe{flex:1;width:100%;min-height:24rem;border:1px solid var(--line);border-radius:.4rem;background:#fff}
pre{margin:0;padding:1rem;white-space:pre-wrap;font:14px/1.5 ui-monospace,monospace;border:1px solid var(--line);border-radius:.4rem;background:var(--surface)}
.back{display:none}
@media (max-width:48rem){.panes{display:block;height:auto}.asked nav,.listed article{display:none}nav{border:0}.back{display:inline}iframe{min-height:70dvh}}
`;

const LINK = /https?:\/\/[^\s<>"']+/g;

/** The mailbox as a page: the list, and one mail beside it; on a phone one of the two. */
export function inboxPage(inbox: Inbox): string {
  const { locale, mails, to, asked, open, view } = inbox;
  const words = WORDS[locale];
  const entries = mails.map((mail) => {
    const current = mail.id === open?.id ? ' aria-current="true"' : '';
    return `<li><a href="${addressOf(inbox, mail.id)}"${current}><strong>${e(mail.subject)}</strong>
<span class="soft">${e(mail.to)} · ${timeOf(mail.sentAt)}</span></a></li>`;
  });
  const list =
    entries.length > 0 ? `<ul>${entries.join('\n')}</ul>` : `<p style="padding:1rem">${words.none}</p>`;
  const shown = open ? mailPane(inbox, open, view) : asked ? `<p>${words.gone}</p>` : '';
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${open && asked ? `${e(open.subject)} · ` : ''}${words.title}</title>
<style>${STYLE}</style><script type="module" src="/dev/mail/inbox.js"></script></head><body>
<header><h1>${words.title}</h1><p>${words.note}</p>
<form action="/dev/mail"><label for="to">${words.search}</label><input id="to" name="to" type="search" value="${e(to ?? '')}" maxlength="254"><button>${words.show}</button>${to === undefined ? '' : `<a href="/dev/mail">${words.all}</a>`}</form></header>
<main class="panes ${asked ? 'asked' : 'listed'}"><nav aria-label="${words.list}">${list}</nav>
<article>${asked ? `<a class="back" href="${addressOf(inbox)}">${words.back}</a>` : ''}${shown}</article></main>
</body></html>`;
}

function mailPane(inbox: Inbox, mail: OpenedMail, view: Inbox['view']): string {
  const words = WORDS[inbox.locale];
  const tab = (name: Inbox['view'], label: string) =>
    `<a href="${addressOf(inbox, mail.id, name)}"${name === view ? ' aria-current="true"' : ''}>${label}</a>`;
  const files = mail.attachments.map(
    ({ no, filename, size }) =>
      `<a href="/dev/mail/${mail.id}/attachments/${no}" download>${e(filename)} (${Math.ceil(size / 1024)} KiB)</a>`,
  );
  // The frame is of another origin, without scripts; its links open in a window of their own.
  const body =
    view === 'html'
      ? `<iframe title="${e(mail.subject)}" src="/dev/mail/${mail.id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`
      : `<pre>${withLinks(mail.text)}</pre>`;
  return `<h2>${e(mail.subject)}</h2>
<p class="soft">${words.to} ${e(mail.to)} · ${timeOf(mail.sentAt)}</p>
<div class="row spread"><div class="row" role="group" aria-label="${words.views}">${tab('html', words.html)}${tab('text', words.text)}</div>
${files.length > 0 ? `<div class="row" role="group" aria-label="${words.attachments}">${files.join('')}</div>` : ''}</div>
${body}`;
}

const timeOf = (at: Date): string =>
  `<time datetime="${at.toISOString()}">${at.toISOString().slice(0, 16).replace('T', ' ')} UTC</time>`;

const withLinks = (text: string): string =>
  e(text).replace(LINK, (url) => `<a href="${url}" target="_blank" rel="noopener">${url}</a>`);

function addressOf({ to }: Inbox, mail?: string, view?: Inbox['view']): string {
  const query = new URLSearchParams({
    ...(to !== undefined && { to }),
    ...(mail && { mail }),
    ...(view === 'text' && { view }),
  });
  return e(`/dev/mail${query.size > 0 ? `?${query}` : ''}`);
}
