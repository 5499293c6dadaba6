import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Tx } from '../../platform/database/tx.js';
import { PasskeyEntity } from './passkey.entity.js';

export type NewPasskey = Omit<PasskeyEntity, 'counter' | 'createdAt' | 'lastUsedAt'> & { counter: number };

/** `passkey` */
@Injectable()
export class PasskeysRepository {
  constructor(@InjectRepository(PasskeyEntity) private readonly passkeys: Repository<PasskeyEntity>) {}

  /** Oldest first. */
  of(userId: string): Promise<PasskeyEntity[]> {
    return this.passkeys.find({ where: { userId }, order: { id: 'ASC' } });
  }

  count(userId: string): Promise<number> {
    return this.passkeys.countBy({ userId });
  }

  byCredential(credentialId: Buffer): Promise<PasskeyEntity | null> {
    return this.passkeys.findOneBy({ credentialId });
  }

  /** Breaks `passkey_credential` when it is there already. */
  async insert(tx: Tx, passkey: NewPasskey): Promise<void> {
    await tx.insert(PasskeyEntity, { ...passkey, counter: `${passkey.counter}` });
  }

  /** A person's passkeys, locked until the transaction ends. */
  lock(tx: Tx, userId: string): Promise<PasskeyEntity[]> {
    return tx.find(PasskeyEntity, {
      where: { userId },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
  }

  async countIn(tx: Tx, userId: string): Promise<number> {
    return tx.countBy(PasskeyEntity, { userId });
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.delete(PasskeyEntity, { id });
  }

  /** @returns false when the person has no such passkey */
  async rename(userId: string, id: string, name: string): Promise<boolean> {
    return (await this.passkeys.update({ id, userId }, { name })).affected === 1;
  }

  /**
   * Notes a use that the authenticator has counted further. One of two answers with the same count is noted.
   * @returns false when the count is not above the one kept, unless both are 0: that authenticator does not count
   */
  async use(id: string, counter: number, synced: boolean): Promise<boolean> {
    const [rows]: [unknown[]] = await this.passkeys.query(
      `UPDATE passkey SET counter = $2, synced = $3, last_used_at = clock_timestamp()
       WHERE id = $1 AND ($2 > counter OR ($2 = 0 AND counter = 0)) RETURNING id`,
      [id, counter, synced],
    );
    return rows.length > 0;
  }

  /** Locks it until the transaction ends. @returns null when it was removed meanwhile */
  lockOne(tx: Tx, id: string): Promise<PasskeyEntity | null> {
    return tx.findOne(PasskeyEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.delete(PasskeyEntity, { userId });
  }
}
