import { useQuery } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { api, ok, type Schemas } from '../api.js';

export const LEGAL_PAGES = ['imprint', 'privacy', 'terms'] as const;

/** Name, look and links: those of the installation, or of an organisation on its pages. */
type House = Schemas['House'] & Partial<Pick<Schemas['OrganisationHouse'], 'organisation'>>;

const NONE = { de: null, en: null };
const UNNAMED: House = {
  name: 'Evently',
  accent: null,
  links: [],
  vat: NONE,
  pages: [],
  logo: null,
  version: 1,
};

const written = <Found>(id: string): Found | null =>
  JSON.parse(document.getElementById(id)?.textContent ?? 'null');

/** House of the installation, as the server has written it into the page; Vite's own server writes nothing. */
export const installation: House = written('house') ?? UNNAMED;
const firstSeller = written<Schemas['OrganisationHouse']>('seller');

let shown: House = firstSeller ?? installation;
const listeners = new Set<() => void>();

function show(house: House): void {
  if (house === shown) return;
  shown = house;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** House whose name and look the page has now. */
export const useHouse = (): House => useSyncExternalStore(subscribe, () => shown);

/** Pages of an organisation begin with these; which one it is says what they show. */
const OF_SELLERS = /^\/(events|o)\/|^\/bookings\/./;

/** Gives pages that are of no organisation the look of the installation. */
export function useHouseOf(path: string): void {
  useEffect(() => {
    if (!OF_SELLERS.test(path)) show(installation);
  }, [path]);
}

/** The name and look of an organisation; read again with what the desk has changed. */
export const sellerQuery = (id: string) => ({
  queryKey: ['seller', id],
  queryFn: () => ok(api.GET('/api/v1/organisations/{id}/house', { params: { path: { id } } })),
  staleTime: 60_000,
  ...(firstSeller?.organisation.id === id && { initialData: firstSeller }),
});

/** Gives the page the name and look of an organisation, as soon as it is known whose page it is. */
export function useSeller(id: string | undefined) {
  const seller = useQuery({ ...sellerQuery(id ?? ''), enabled: id !== undefined });
  const { data } = seller;
  useEffect(() => {
    if (data) show(data);
  }, [data]);
  return seller;
}

/** Colours of a house, as the server writes them into pages; they weigh more than those of the design. */
export function useColors({ accent }: House): void {
  useEffect(() => {
    const before = document.getElementById('colors');
    if (!accent) return before?.remove();
    const href = `/colors.css?accent=${accent.slice(1)}`;
    if (before?.getAttribute('href') === href) return;
    const sheet = Object.assign(document.createElement('link'), { rel: 'stylesheet', id: 'colors', href });
    // The old ones stay until the new ones are there.
    sheet.addEventListener('load', () => before?.remove());
    document.head.append(sheet);
  }, [accent]);
}

/** Address of a legal text. */
export const legalPath = ({ organisation }: House, page: (typeof LEGAL_PAGES)[number]): string =>
  organisation ? `/o/${organisation.id}/${page}` : `/${page}`;

/** In the reader's language, or in the other one where there is no other text. */
export const inLanguage = (
  text: { readonly de: string | null; readonly en: string | null },
  language: 'de' | 'en',
): string | null => text[language] ?? text.de ?? text.en;
