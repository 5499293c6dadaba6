import { formatInstant } from '../common/locale.js';
import { escapeHtml } from '../mail/html.js';
import type { Mail } from '../mail/mailbox.js';

/** Tells somebody that a ticket waits for them. */
export function transferMail(
  to: string,
  from: string,
  event: { title: string; startsAt: Date; timezone: string },
  transfer: { id: string; expiresAt: Date },
  publicUrl: string,
): Mail {
  const at = (instant: Date) => formatInstant(instant, event.timezone, 'en');
  const lines = [
    'Hello,',
    `${from} offers you a ticket for ${event.title}, ${at(event.startsAt)}.`,
    `Log in or register with this address and accept it until ${at(transfer.expiresAt)}:`,
  ];
  const url = `${publicUrl.replace(/\/$/, '')}/tickets?transfer=${transfer.id}`;
  const html = lines.map((line) => `<p>${escapeHtml(line)}</p>`);
  html.push(`<p><a href="${escapeHtml(url)}">Accept the ticket</a></p>`);
  return {
    to,
    subject: `A ticket for ${event.title}`,
    text: `${[...lines, url].join('\n\n')}\n`,
    html: html.join('\n'),
  };
}
