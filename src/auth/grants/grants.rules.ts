import type { Permission, Reach } from '../../platform/access/permissions.js';

/** A membership as it stands. */
export interface Membership {
  readonly organisationId: string;
  readonly userId: string;
  readonly owner: boolean;
  readonly permissions: readonly Permission[];
  /** Null: all events of the organisation. */
  readonly events: readonly string[] | null;
  /** The membership has ended. */
  readonly ended: boolean;
  /** The organisation asks its members for a second factor. */
  readonly demands: boolean;
  /** Grows with each change of this membership. */
  readonly version: number;
}

/** Who asks. `strong`: logged in with two factors. */
export interface Asker {
  readonly id: string;
  readonly strong?: true;
}

/** Rights of a member, made for quick answers. */
interface Grant {
  readonly version: number;
  readonly ended: boolean;
  readonly owner: boolean;
  readonly demands: boolean;
  readonly permissions: ReadonlySet<Permission>;
  readonly events: ReadonlySet<string> | null;
}

/** Memberships of all people, in memory. */
export class Grants {
  private readonly byUser = new Map<string, Map<string, Grant>>();

  /**
   * Takes memberships as they were read. An answer that comes late changes nothing that is known to be newer; for that,
   * ended ones are kept as well.
   *
   * @returns those that were not known before
   */
  learn(memberships: readonly Membership[]): Membership[] {
    return memberships.filter(({ userId, organisationId, permissions, events, ...rest }) => {
      const grants = this.byUser.get(userId) ?? new Map<string, Grant>();
      if (rest.version <= (grants.get(organisationId)?.version ?? 0)) return false;
      const grant = { ...rest, permissions: new Set(permissions), events: events && new Set(events) };
      this.byUser.set(userId, grants.set(organisationId, grant));
      return true;
    });
  }

  /** Without an event: may this person act on the organisation as a whole, and so on all of its events? */
  can(asker: Asker, permission: Permission, organisationId: string, eventId?: string): boolean {
    const grant = this.find(asker.id, organisationId);
    if (!grant || isShort(grant, asker)) return false;
    if (grant.owner) return true;
    if (!grant.permissions.has(permission)) return false;
    return grant.events === null || (eventId !== undefined && grant.events.has(eventId));
  }

  /** Whether this person belongs to the organisation, and may know of this event of it. */
  belongs(userId: string, organisationId: string, eventId?: string): boolean {
    const grant = this.find(userId, organisationId);
    if (!grant) return false;
    return grant.events === null || eventId === undefined || grant.events.has(eventId);
  }

  owns(asker: Asker, organisationId: string): boolean {
    const grant = this.find(asker.id, organisationId);
    return grant ? grant.owner && !isShort(grant, asker) : false;
  }

  /** Whether this person may do it anywhere. */
  anywhere(asker: Asker, permission: Permission): boolean {
    for (const grant of this.byUser.get(asker.id)?.values() ?? [])
      if (!grant.ended && !isShort(grant, asker) && (grant.owner || grant.permissions.has(permission)))
        return true;
    return false;
  }

  /** Organisations that this person belongs to. */
  organisationsOf(userId: string): string[] {
    const grants = this.byUser.get(userId) ?? new Map<string, Grant>();
    return [...grants].filter(([, { ended }]) => !ended).map(([id]) => id);
  }

  /** Events that this person reaches with the permission, or knows of without one; of one organisation if one is given. */
  reach(asker: Asker, permission: Permission | undefined, organisationId?: string): Reach {
    const organisations: string[] = [];
    const events: string[] = [];
    for (const [id, grant] of this.byUser.get(asker.id) ?? []) {
      if (grant.ended || (organisationId !== undefined && id !== organisationId)) continue;
      if (permission !== undefined && isShort(grant, asker)) continue;
      if (permission !== undefined && !grant.owner && !grant.permissions.has(permission)) continue;
      if (grant.owner || grant.events === null) organisations.push(id);
      else events.push(...grant.events);
    }
    return { organisations, events };
  }

  private find(userId: string, organisationId: string): Grant | undefined {
    const grant = this.byUser.get(userId)?.get(organisationId);
    return grant?.ended ? undefined : grant;
  }
}

/** Whether a second factor is demanded that the asker has not shown. */
const isShort = (grant: Grant, asker: Asker): boolean => grant.demands && !asker.strong;
