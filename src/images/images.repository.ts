import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { DatabaseService } from '../platform/database/database.service.js';
import type { Tx } from '../platform/database/tx.js';
import type { ImageFile } from './image.rules.js';
import { ImageFileEntity } from './image-file.entity.js';
import type { ImageType } from './images.schemas.js';

@Injectable()
export class ImagesRepository {
  constructor(
    private readonly database: DatabaseService,
    @InjectRepository(ImageFileEntity) private readonly files: Repository<ImageFileEntity>,
  ) {}

  /** Marks the picture as used, if need be makes it, and locks it until the transaction ends. */
  async keep(tx: Tx, hash: string, files: readonly ImageFile[]): Promise<void> {
    await tx.query(
      'INSERT INTO image (hash) VALUES ($1) ON CONFLICT (hash) DO UPDATE SET unused_since = NULL',
      [hash],
    );
    const rows = files.map((file) => ({ hash, ...file }));
    await tx.createQueryBuilder().insert().into(ImageFileEntity).values(rows).orIgnore().execute();
  }

  /** @returns false when there is no such picture any more */
  async use(tx: Tx, hash: string): Promise<boolean> {
    const [, used] = await tx.query('UPDATE image SET unused_since = NULL WHERE hash = $1', [hash]);
    return used === 1;
  }

  sizes(hash: string): Promise<Pick<ImageFileEntity, 'type' | 'width' | 'height'>[]> {
    return this.files.find({ where: { hash }, select: { type: true, width: true, height: true } });
  }

  /** The smallest that is at least so wide, or the largest. */
  async nearest(hash: string, type: ImageType, width: number): Promise<ImageFileEntity | undefined> {
    const [file] = await this.database.statement<ImageFileEntity>(
      'image.nearest',
      `SELECT hash, type, width, height, bytes FROM image_file WHERE hash = $1 AND type = $2
        ORDER BY width < $3, abs(width - $3) LIMIT 1`,
      [hash, type, width],
    );
    return file;
  }

  /** The next pictures, by digest, that are neither new nor looked at by another replica; locked. */
  async lockSome(tx: Tx, limit: number, after: string): Promise<{ hash: string; unused: boolean }[]> {
    return tx.query(
      `SELECT hash, unused_since IS NOT NULL AS unused FROM image
        WHERE hash > $2 AND created_at < clock_timestamp() - interval '1 hour'
        ORDER BY hash LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [limit, after],
    );
  }

  async mark(tx: Tx, hashes: readonly string[], unused: boolean): Promise<void> {
    await tx.query(
      'UPDATE image SET unused_since = CASE WHEN $2 THEN clock_timestamp() END WHERE hash = ANY ($1)',
      [hashes, unused],
    );
  }

  async delete(tx: Tx, hashes: readonly string[], days: number): Promise<void> {
    await tx.query(
      'DELETE FROM image WHERE hash = ANY ($1) AND unused_since < clock_timestamp() - make_interval(days => $2)',
      [hashes, days],
    );
  }
}
