import type { Permission } from '../platform/access/permissions.js';

interface Rights {
  permissions: readonly Permission[];
  /** Null: all events of the organisation. */
  events: readonly string[] | null;
}

declare module '../platform/facts/fact-map.js' {
  interface FactMap {
    'organisation.created': { name: string };
    /** Names of the fields that changed. */
    'organisation.updated': { changed: string[] };
    'organisation.invited': Rights & { invitationId: string };
    'organisation.invitation_withdrawn': { invitationId: string };
    'organisation.member_joined': Rights & { userId: string; invitationId: string };
    'organisation.member_changed': Rights & { userId: string };
    /** Left, or was removed by the actor. */
    'organisation.member_left': { userId: string };
    'organisation.key_made': Rights & { keyId: string; test: boolean; replaces: string | null };
    /** Sent in an address, where logs keep it. */
    'organisation.key_in_address': { keyId: string };
    'organisation.key_ended': { keyId: string };
    'organisation.ownership_offered': { userId: string };
    'organisation.owner_added': { userId: string };
  }
}
