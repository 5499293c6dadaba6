import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import type { Tx } from '../../platform/database/tx.js';
import { RecoveryCodeEntity } from './recovery-code.entity.js';
import { SecondFactorEntity } from './second-factor.entity.js';

/** `second_factor` and `recovery_code`. */
@Injectable()
export class SecondFactorsRepository {
  constructor(
    @InjectRepository(SecondFactorEntity) private readonly factors: Repository<SecondFactorEntity>,
    @InjectRepository(RecoveryCodeEntity) private readonly codes: Repository<RecoveryCodeEntity>,
  ) {}

  find(userId: string): Promise<SecondFactorEntity | null> {
    return this.factors.findOneBy({ userId });
  }

  codesLeft(userId: string): Promise<number> {
    return this.codes.countBy({ userId, usedAt: IsNull() });
  }

  /** @returns false when the account has a confirmed one, which stays */
  async begin(userId: string, secret: Buffer): Promise<boolean> {
    const rows: unknown[] = await this.factors.query(
      `INSERT INTO second_factor (user_id, secret) VALUES ($1, $2)
       ON CONFLICT (user_id) DO UPDATE SET secret = EXCLUDED.secret, created_at = clock_timestamp()
          WHERE second_factor.confirmed_at IS NULL
       RETURNING user_id`,
      [userId, secret],
    );
    return rows.length > 0;
  }

  /** @returns false when it was confirmed, or begun anew, meanwhile */
  async confirm(tx: Tx, userId: string, secret: Buffer, step: number): Promise<boolean> {
    const [rows]: [unknown[]] = await tx.query(
      `UPDATE second_factor SET confirmed_at = clock_timestamp(), last_step = $3
       WHERE user_id = $1 AND secret = $2 AND confirmed_at IS NULL RETURNING user_id`,
      [userId, secret, step],
    );
    return rows.length > 0;
  }

  /** Uses up the code of a step and all before it. @returns false when that has been done */
  async useStep(userId: string, secret: Buffer, step: number): Promise<boolean> {
    const [rows]: [unknown[]] = await this.factors.query(
      `UPDATE second_factor SET last_step = $3
       WHERE user_id = $1 AND secret = $2 AND confirmed_at IS NOT NULL AND last_step < $3 RETURNING user_id`,
      [userId, secret, step],
    );
    return rows.length > 0;
  }

  /** @returns false when there is no such code, or it was used */
  async useCode(userId: string, hash: Buffer): Promise<boolean> {
    const [rows]: [unknown[]] = await this.codes.query(
      `UPDATE recovery_code SET used_at = clock_timestamp()
       WHERE user_id = $1 AND hash = $2 AND used_at IS NULL RETURNING hash`,
      [userId, hash],
    );
    return rows.length > 0;
  }

  async replaceCodes(tx: Tx, userId: string, hashes: readonly Buffer[]): Promise<void> {
    await tx.delete(RecoveryCodeEntity, { userId });
    await tx.insert(
      RecoveryCodeEntity,
      hashes.map((hash) => ({ userId, hash })),
    );
  }

  /** @returns whether there was one that logins asked for */
  async end(tx: Tx, userId: string): Promise<boolean> {
    await tx.delete(RecoveryCodeEntity, { userId });
    const [rows]: [{ on: boolean }[]] = await tx.query(
      `DELETE FROM second_factor WHERE user_id = $1 RETURNING confirmed_at IS NOT NULL AS on`,
      [userId],
    );
    return rows[0]?.on ?? false;
  }
}
