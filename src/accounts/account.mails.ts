import { escapeHtml } from '../mail/html.js';
import type { Mail } from '../mail/mailbox.js';

interface Person {
  email: string;
  name: string;
}

interface Link {
  url: string;
  label: string;
}

/** Asks to confirm an address. */
export const verifyMail = (to: Person, publicUrl: string, token: string): Mail =>
  compose(
    to,
    'Confirm your email address',
    ['Please confirm that this address is yours. The link works once, within three days.'],
    link(publicUrl, 'verify', token, 'Confirm'),
  );

/** Lets the owner of the address choose a new password. */
export const resetMail = (to: Person, publicUrl: string, token: string): Mail =>
  compose(
    to,
    'Choose a new password',
    [
      'Someone, probably you, asked for a new password. The link works once, within an hour.',
      'If it was not you, nothing has changed and you need not do anything.',
    ],
    link(publicUrl, 'reset', token, 'Choose a password'),
  );

/** To the address that an account had until now. */
export const emailChangedMail = (to: Person): Mail =>
  compose(to, 'Your email address was changed', [
    'Your account uses another email address from now on. If you did not change it, please tell the organizer.',
  ]);

export const passwordChangedMail = (to: Person): Mail =>
  compose(to, 'Your password was changed', [
    'All other devices were logged out. If you did not change it, ask for a new password at once.',
  ]);

const link = (publicUrl: string, page: string, token: string, label: string): Link => ({
  url: `${publicUrl.replace(/\/$/, '')}/${page}?token=${token}`,
  label,
});

function compose({ email, name }: Person, subject: string, paragraphs: string[], button?: Link): Mail {
  const hello = `Hello ${name},`;
  const text = [hello, ...paragraphs, ...(button ? [button.url] : [])].join('\n\n');
  const html = [hello, ...paragraphs].map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`);
  if (button) html.push(`<p><a href="${escapeHtml(button.url)}">${escapeHtml(button.label)}</a></p>`);
  return { to: email, subject, text: `${text}\n`, html: html.join('\n') };
}
