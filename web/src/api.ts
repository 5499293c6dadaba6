import { type components, createClient, ok, Problem } from '@evently/client';
import { language } from './i18n/index.js';
import { proveAgain } from './proof.js';
import { keep, kept } from './storage.js';

export type Schemas = components['schemas'];
export { isProblem, ok, Problem } from '@evently/client';

const KEY = 'evently.tokens';
const DEVICE = 'evently.device';

/** Tokens are shared by the pages of this browser, and renewed by one of them at a time. */
export const client = createClient(location.origin, {
  language,
  tokens: {
    read: () => JSON.parse(kept(KEY) ?? 'null') ?? undefined,
    write: (tokens) => keep(KEY, tokens && JSON.stringify(tokens)),
    exclusively: <T>(work: () => Promise<T>): Promise<T> =>
      navigator.locks ? (navigator.locks.request('evently.tokens', work) as Promise<T>) : work(),
  },
  device: { read: () => kept(DEVICE) ?? undefined, write: (device) => keep(DEVICE, device) },
  stepUp: proveAgain,
});
export const { api } = client;

/** Another page of this browser logged in or out. */
export function onOtherPage(changed: () => void): () => void {
  const listen = ({ key }: StorageEvent) => {
    if (key === KEY || key === null) changed();
  };
  addEventListener('storage', listen);
  return () => removeEventListener('storage', listen);
}

/** A document of one's own, such as a ticket: it needs the token, so a plain link will not do. Errors: `Problem`. */
export async function fetchFile(path: string, headers?: Record<string, string>): Promise<Blob> {
  const token = await client.session.token();
  const response = await fetch(path, {
    headers: {
      'Accept-Language': language(),
      ...headers,
      ...(token && { Authorization: `Bearer ${token}` }),
    },
  });
  if (!response.ok) throw Problem.of(response, await response.json().catch(() => undefined));
  return response.blob();
}

/** Saves a document of one's own under a name. */
export async function saveFile(path: string, name: string, headers?: Record<string, string>): Promise<void> {
  const url = URL.createObjectURL(await fetchFile(path, headers));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export const me = () => ok(api.GET('/api/v1/auth/me'));
