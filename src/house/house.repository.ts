import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { now } from '../platform/database/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { HouseEntity } from './house.entity.js';

const ONLY = { id: 1 };

export type HouseRow = Omit<HouseEntity, 'logo'>;
type Changes = Partial<Omit<HouseEntity, 'id' | 'version' | 'createdAt' | 'updatedAt'>>;

@Injectable()
export class HouseRepository {
  constructor(@InjectRepository(HouseEntity) private readonly houses: Repository<HouseEntity>) {}

  read(): Promise<HouseRow> {
    return this.houses.findOneByOrFail(ONLY);
  }

  lock(tx: Tx): Promise<HouseRow> {
    return tx.getRepository(HouseEntity).findOneOrFail({ where: ONLY, lock: { mode: 'pessimistic_write' } });
  }

  async logo(): Promise<Pick<HouseEntity, 'logo' | 'logoType' | 'logoHash'>> {
    return this.houses.findOneOrFail({
      where: ONLY,
      select: { id: true, logo: true, logoType: true, logoHash: true },
    });
  }

  async update(tx: Tx, version: number, changes: Changes): Promise<void> {
    const row = { ...changes, version: version + 1, updatedAt: now };
    await tx.createQueryBuilder().update(HouseEntity).set(row).where(ONLY).execute();
  }
}
