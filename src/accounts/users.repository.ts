import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import { z } from 'zod';
import type { Locale } from '../common/locale.js';
import { decodeCursor, encodeCursor, type Page } from '../common/schemas.js';
import { Database } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';
import type { LivingUser } from './account.js';
import type { AccountQuery } from './accounts.schemas.js';
import { User } from './user.entity.js';

type Changes = Partial<Pick<User, 'email' | 'name' | 'passwordHash' | 'role' | 'locale' | 'emailVerifiedAt'>>;

/** Accounts that live; the deleted are not found by any of these. */
@Injectable()
export class UsersRepository {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly database: Database,
  ) {}

  /** Breaks `app_user_email` when the address is taken. */
  async insert(
    tx: Tx,
    user: Pick<LivingUser, 'id' | 'email' | 'name' | 'passwordHash' | 'role' | 'emailVerifiedAt'> & {
      locale: Locale | undefined;
    },
  ): Promise<void> {
    await tx.insert(User, user);
  }

  async find(id: string): Promise<LivingUser | null> {
    return (await this.users.findOneBy({ id, deletedAt: IsNull() })) as LivingUser | null;
  }

  async findByEmail(email: string): Promise<LivingUser | null> {
    const [user] = await this.database.statement<LivingUser & Record<string, unknown>>(
      'user.by_email',
      `SELECT id, email, name, password_hash AS "passwordHash", role, locale, email_verified_at AS "emailVerifiedAt",
              created_at AS "createdAt", deleted_at AS "deletedAt", version
         FROM app_user WHERE lower(email) = lower($1)`,
      [email],
    );
    return user ?? null;
  }

  /** @returns whether there was such an account, with that version if one is given */
  async update(tx: Tx, id: string, changes: Changes, version?: number): Promise<boolean> {
    const which = { id, deletedAt: IsNull(), ...(version !== undefined && { version }) };
    return (await tx.update(User, which, changes)).affected === 1;
  }

  /** Leaves the id, to which facts and bookings point, and nothing about the person. */
  async erase(tx: Tx, id: string): Promise<void> {
    const nothing = { email: null, name: null, passwordHash: null, emailVerifiedAt: null };
    await tx.update(User, { id, deletedAt: IsNull() }, { ...nothing, role: 'user', deletedAt: new Date() });
  }

  /** Ids of all administrators, locked until the transaction ends, so that two cannot resign at once. */
  async lockAdmins(tx: Tx): Promise<string[]> {
    const admins = await tx
      .createQueryBuilder(User, 'u')
      .select('u.id')
      .where(`u.role = 'admin' AND u.deleted_at IS NULL`)
      .orderBy('u.id')
      .setLock('pessimistic_write')
      .getMany();
    return admins.map(({ id }) => id);
  }

  /** Newest first. */
  async page({ q, role, limit, cursor }: AccountQuery): Promise<Page<LivingUser>> {
    const found = this.users.createQueryBuilder('u').where('u.deleted_at IS NULL');
    if (role) found.andWhere('u.role = :role', { role });
    if (q) {
      const like = `%${q.replace(/[\\%_]/g, '\\$&')}%`;
      found.andWhere('(u.email ILIKE :like OR u.name ILIKE :like)', { like });
    }
    const total = await found.getCount();
    if (cursor) found.andWhere('u.id < :before', { before: decodeCursor(cursor, z.tuple([z.uuid()]))[0] });
    const rows = (await found
      .orderBy('u.id', 'DESC')
      .limit(limit + 1)
      .getMany()) as LivingUser[];
    const data = rows.slice(0, limit);
    return { data, next: rows.length > limit ? encodeCursor([data.at(-1)!.id]) : null, total };
  }
}
