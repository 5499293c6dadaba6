import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { ILike, In, IsNull, Repository } from 'typeorm';
import type { Locale } from '../../platform/common/locale.js';
import { type Page, readPageById } from '../../platform/common/pages.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { Tx } from '../../platform/database/tx.js';
import type { LivingUser } from './account.js';
import type { AccountQuery } from './accounts.schemas.js';
import { UserEntity } from './user.entity.js';

type Changes = Partial<
  Pick<
    UserEntity,
    'email' | 'name' | 'passwordHash' | 'role' | 'locale' | 'emailVerifiedAt' | 'lockedAt' | 'lockedReason'
  >
>;

/** Person as others of the house name and write to them. */
export type Named = Pick<UserEntity, 'id' | 'name' | 'email'>;

/** Living people; no method finds a deleted one. Only accounts, where a method does not say otherwise. */
@Injectable()
export class UsersRepository {
  constructor(
    @InjectRepository(UserEntity) private readonly users: Repository<UserEntity>,
    private readonly database: DatabaseService,
  ) {}

  /** Breaks `app_user_email` when an address is taken. */
  async insert(
    tx: Tx,
    ...users: (Pick<LivingUser, 'id' | 'email' | 'name' | 'passwordHash' | 'role' | 'emailVerifiedAt'> & {
      locale: Locale | undefined;
    })[]
  ): Promise<void> {
    await tx.insert(UserEntity, users);
  }

  async find(id: string): Promise<LivingUser | null> {
    return (await this.users.findOneBy({ id, kind: 'account', deletedAt: IsNull() })) as LivingUser | null;
  }

  /** Customers as well. */
  findAnybody(id: string): Promise<UserEntity | null> {
    return this.users.findOneBy({ id, deletedAt: IsNull() });
  }

  /** Locks the account until the transaction ends. */
  async lock(tx: Tx, id: string): Promise<LivingUser | null> {
    const which = { where: { id, deletedAt: IsNull() }, lock: { mode: 'pessimistic_write' as const } };
    return (await tx.findOne(UserEntity, which)) as LivingUser | null;
  }

  async findByEmail(email: string): Promise<LivingUser | null> {
    const [user] = await this.database.statement<LivingUser & Record<string, unknown>>(
      'user.by_email',
      `SELECT id, email, name, password_hash AS "passwordHash", role, locale, email_verified_at AS "emailVerifiedAt",
              created_at AS "createdAt", deleted_at AS "deletedAt", locked_at AS "lockedAt", locked_reason AS "lockedReason", version
         FROM app_user WHERE lower(email) = lower($1)`,
      [email],
    );
    return user ?? null;
  }

  /** Customers as well. @returns whether there was such a person, with that version if one is given */
  async update(tx: Tx, id: string, changes: Changes, version?: number): Promise<boolean> {
    const which = { id, deletedAt: IsNull(), ...(version !== undefined && { version }) };
    return (await tx.update(UserEntity, which, changes)).affected === 1;
  }

  /** Leaves the id, to which facts and bookings point, and nothing about the person. */
  async erase(tx: Tx, id: string): Promise<void> {
    const person = { email: null, name: null, passwordHash: null, emailVerifiedAt: null };
    const nothing = { ...person, lockedAt: null, lockedReason: null };
    await tx.update(
      UserEntity,
      { id, deletedAt: IsNull() },
      { ...nothing, role: 'user', deletedAt: new Date() },
    );
  }

  /**
   * Organisations that this person alone owns, locked with the membership until the transaction ends, so that two owners
   * cannot leave at once.
   */
  async lockOwnedAlone(tx: Tx, id: string): Promise<string[]> {
    const owned: { id: string }[] = await tx.query(
      `SELECT o.id FROM organisation o JOIN member m ON m.organisation_id = o.id
        WHERE m.user_id = $1 AND m.owner AND m.ended_at IS NULL ORDER BY o.id FOR UPDATE`,
      [id],
    );
    const alone: { id: string }[] = await tx.query(
      `SELECT id FROM unnest($2::uuid[]) AS o (id) WHERE NOT EXISTS (
         SELECT FROM member m WHERE m.organisation_id = o.id AND m.user_id <> $1 AND m.owner AND m.ended_at IS NULL)`,
      [id, owned.map((one) => one.id)],
    );
    return alone.map((one) => one.id);
  }

  /** Events on sale and not over, and members, that these organisations have. */
  async leftIn(tx: Tx, organisations: readonly string[]): Promise<{ events: number; members: number }> {
    const [row] = await tx.query(
      `SELECT (SELECT count(*)::int FROM event WHERE organizer_id = ANY ($1) AND status = 'published' AND ends_at > now()) AS events,
              (SELECT count(*)::int FROM member WHERE organisation_id = ANY ($1) AND ended_at IS NULL) AS members`,
      [organisations],
    );
    return row;
  }

  /** Ids of all administrators who can log in, their rows locked until the transaction ends, so that two cannot resign, or lock each other, at once. */
  async lockAdmins(tx: Tx): Promise<string[]> {
    const admins = await tx
      .createQueryBuilder(UserEntity, 'u')
      .select('u.id')
      .where(`u.role = 'admin' AND u.deleted_at IS NULL AND u.locked_at IS NULL`)
      .orderBy('u.id')
      .setLock('pessimistic_write')
      .getMany();
    return admins.map(({ id }) => id);
  }

  /** Newest first. */
  async page({ q, role, locked, kind = 'account', ...query }: AccountQuery): Promise<Page<UserEntity>> {
    const found = this.users
      .createQueryBuilder('u')
      .where('u.deleted_at IS NULL AND u.kind = :kind', { kind });
    if (role) found.andWhere('u.role = :role', { role });
    if (locked) found.andWhere('u.locked_at IS NOT NULL');
    if (q)
      found.andWhere(
        '(u.email ILIKE :like OR u.contact_email ILIKE :like OR u.name ILIKE :like OR u.reference ILIKE :like)',
        { like: likeOf(q) },
      );
    const total = await found.getCount();
    const page = await readPageById(query, (count, before) => {
      if (before) found.andWhere('u.id < :before', { before });
      return found.orderBy('u.id', 'DESC').limit(count).getMany();
    });
    return { ...page, total };
  }

  /** Living ones among these, customers as well, as they are named and written to. */
  async named(ids: readonly string[]): Promise<Named[]> {
    const found = await this.users.find({
      select: { id: true, name: true, email: true, contactEmail: true },
      where: { id: In(ids), deletedAt: IsNull() },
    });
    return found.map(({ id, name, email, contactEmail }) => ({ id, name, email: email ?? contactEmail }));
  }

  /** Ids of the newest people, customers as well, whose address contains this. */
  async idsByEmail(part: string, limit: number): Promise<string[]> {
    const found = await this.users.find({
      select: { id: true },
      where: [
        { email: ILike(likeOf(part)), deletedAt: IsNull() },
        { contactEmail: ILike(likeOf(part)), deletedAt: IsNull() },
      ],
      order: { id: 'DESC' },
      take: limit,
    });
    return found.map(({ id }) => id);
  }
}

const likeOf = (part: string): string => `%${part.replace(/[\\%_]/g, '\\$&')}%`;
