import { createContext, useContext } from 'react';
import { matchPath } from 'react-router';
import type { Organisation } from './acting.js';

export type Permission = Organisation['permissions'][number];

/** Permissions of somebody at the desk. */
export interface Rights {
  /** The one for which they act, or their own; undefined for administrators who have none. */
  readonly organisation: Organisation | undefined;
  /** They act for all organisations. */
  readonly everywhere: boolean;
  /** Owners and administrators may do everything, and change owners. */
  readonly owner: boolean;
  /** As the server answers it; without an event: on the organisation as a whole. */
  may(permission: Permission, eventId?: string): boolean;
  /** Whether there is an event, at least, on which they may do it. */
  mayForSome(permission: Permission): boolean;
}

export function rightsOf(
  organisation: Organisation | undefined,
  { admin = false, everywhere = false }: { admin?: boolean; everywhere?: boolean } = {},
): Rights {
  const { owner = false, permissions = [], events = [] } = organisation ?? {};
  const all = admin || owner;
  const has = (permission: Permission) => all || permissions.includes(permission);
  return {
    organisation,
    everywhere,
    owner: all,
    may: (permission, eventId) =>
      all || (has(permission) && (events === null || (eventId !== undefined && events.includes(eventId)))),
    mayForSome: has,
  };
}

const Context = createContext<Rights>(rightsOf(undefined));
export const RightsProvider = Context.Provider;
export const useRights = (): Rights => useContext(Context);

interface Page {
  readonly path: string;
  /** One of these is enough. */
  readonly needs: readonly Permission[];
  /** It shows what there is of the events on which one may do it. */
  readonly forSome?: true;
}

/** Pages of the desk that need a permission; the first that fits the address decides. */
const PAGES: readonly Page[] = [
  { path: '/desk/sales', needs: ['money'], forSome: true },
  { path: '/desk/venues/*', needs: ['events'] },
  { path: '/desk/webhooks', needs: ['settings'] },
  { path: '/desk/house', needs: ['settings'] },
  { path: '/desk/keys', needs: ['settings'] },
  { path: '/desk/members', needs: ['members'] },
  { path: '/desk/logins', needs: ['members'] },
  { path: '/desk/log', needs: ['members'] },
  { path: '/desk/events/new', needs: ['events'] },
  { path: '/desk/events/:event', needs: ['events'] },
  { path: '/desk/events/:event/preview', needs: ['events'] },
  { path: '/desk/events/:event/places', needs: ['prices', 'events'] },
  { path: '/desk/events/:event/sales', needs: ['money'] },
  { path: '/desk/events/:event/check-in', needs: ['door'] },
];

/** Permission that the page at an address needs and somebody does not have. */
export function missingFor({ may, mayForSome }: Rights, address: string): Permission | undefined {
  for (const { path, needs, forSome } of PAGES) {
    const match = matchPath(path, address);
    if (!match) continue;
    const passes = (one: Permission) =>
      forSome ? mayForSome(one) : may(one, (match.params as { event?: string }).event);
    return needs.some(passes) ? undefined : needs[0];
  }
  return undefined;
}

/** Tabs of an event, as the ends of their addresses. */
const EVENT_TABS = ['', '/places', '/sales', '/check-in'] as const;

/** Addresses of an event's pages that somebody may open; drafts have neither sales nor check-in. */
export const pagesOfEvent = (rights: Rights, { id, status }: { id: string; status: string }): string[] =>
  EVENT_TABS.slice(0, status === 'draft' ? 2 : undefined)
    .map((tab) => `/desk/events/${id}${tab}`)
    .filter((address) => !missingFor(rights, address));
