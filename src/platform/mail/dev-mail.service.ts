import { Injectable } from '@nestjs/common';
import type { DevMailEntity } from './dev-mail.entity.js';
import { DevMailRepository } from './dev-mail.repository.js';
import { escapeHtml } from './html.js';

const LINK = /https?:\/\/[^\s<>"']+/g;

@Injectable()
export class DevMailService {
  constructor(private readonly mails: DevMailRepository) {}

  list(to?: string): Promise<DevMailEntity[]> {
    return this.mails.list(to);
  }

  /** A page for people: the text of every mail, its links made clickable. */
  async page(to?: string): Promise<string> {
    const mails = await this.mails.list(to);
    const list = mails.map(article).join('\n') || '<p>No mail yet.</p>';
    return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Mail</title>
<style>body{font:16px/1.5 system-ui;max-width:46rem;margin:2rem auto;padding:0 1rem}
article{border-top:1px solid #ccc;padding:1rem 0}h2{margin:0;font-size:1.1rem}pre{white-space:pre-wrap;overflow-wrap:anywhere}</style>
</head><body><h1>Mail</h1>
<p>What would have been sent. Set <code>SMTP_URL</code> to send it.</p>
${list}
</body></html>`;
  }
}

function article({ to, subject, text, sentAt }: DevMailEntity): string {
  const body = escapeHtml(text).replace(LINK, (url) => `<a href="${url}">${url}</a>`);
  return `<article><h2>${escapeHtml(subject)}</h2>
<div>to ${escapeHtml(to)}, <time>${sentAt.toISOString()}</time></div><pre>${body}</pre></article>`;
}
