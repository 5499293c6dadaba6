import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DomainError } from '../platform/common/domain-error.js';
import { DatabaseService } from '../platform/database/database.service.js';
import type { Tx } from '../platform/database/tx.js';
import { type ImageFile, imageOf, LARGEST_SIDE } from './image.rules.js';
import type { ImageFileEntity } from './image-file.entity.js';
import { ImagesRepository } from './images.repository.js';
import { HASH_LENGTH, type Image, type ImageQuery } from './images.schemas.js';
import { ResizerService } from './resizer.service.js';

/** Pictures in memory, of those that pages show at the moment. */
const MOST_BYTES_KEPT = 32 * 1024 * 1024;
const BATCH_IMAGES = 200;

/** A picture that was resized and is not kept yet. */
export interface PreparedImage {
  readonly image: Image;
  readonly files: readonly ImageFile[];
}

/** Pictures that were uploaded. Other features keep what `Image` says of them, and tell which ones they show. */
@Injectable()
export class ImagesService {
  private readonly files = new LRUCache<string, ImageFileEntity, { hash: string; query: ImageQuery }>({
    maxSize: MOST_BYTES_KEPT,
    sizeCalculation: ({ bytes }) => bytes.length + 1,
    fetchMethod: async (_key, _stale, { context: { hash, query } }) =>
      this.images.nearest(hash, query.type, query.width ?? LARGEST_SIDE),
  });

  constructor(
    private readonly database: DatabaseService,
    private readonly images: ImagesRepository,
    private readonly resizer: ResizerService,
  ) {}

  /** Makes the sizes of a picture, whatever its sender calls it. Errors: `image_unreadable`, `image_too_large`, `overloaded`. */
  async prepare(bytes: Buffer): Promise<PreparedImage> {
    const files = await this.resizer.resize(bytes);
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, HASH_LENGTH);
    return { image: imageOf(hash, files), files };
  }

  /** A picture as JPEG on white, no larger than the box: for paper, whose library knows neither WebP nor AVIF. Errors: those of `prepare`. */
  printable(bytes: Buffer, box: { width: number; height: number }): Promise<Buffer> {
    return this.resizer.printable(bytes, box);
  }

  /** Together with the row that shows it. */
  keep(tx: Tx, { image: { hash }, files }: PreparedImage): Promise<void> {
    return this.images.keep(tx, hash, files);
  }

  /** Undefined: there is no such picture. */
  async find(hash: string): Promise<Image | undefined> {
    const sizes = await this.images.sizes(hash);
    return sizes.length > 0 ? imageOf(hash, sizes) : undefined;
  }

  /** For another row that shows a picture that is there. Errors: `unknown_image`. */
  async use(tx: Tx, hash: string): Promise<void> {
    if (!(await this.images.use(tx, hash))) throw new DomainError('unknown_image');
  }

  /** Errors: `not_found`. */
  async read(hash: string, query: ImageQuery): Promise<ImageFileEntity> {
    const key = `${hash} ${query.type} ${query.width}`;
    const file = await this.files.fetch(key, { context: { hash, query } });
    if (!file) throw new DomainError('not_found', { detail: 'There is no such picture.' });
    return file;
  }

  /**
   * Deletes pictures that nothing has shown for so many days.
   * @param shown which of these pictures are shown, read in the transaction
   */
  async removeUnused(
    days: number,
    shown: (tx: Tx, hashes: readonly string[]) => Promise<string[]>,
  ): Promise<void> {
    for (let after: string | undefined = ''; after !== undefined; ) {
      const from: string = after;
      after = await this.database.transaction(async (tx) => {
        const found = await this.images.lockSome(tx, BATCH_IMAGES, from);
        const used = new Set(
          await shown(
            tx,
            found.map(({ hash }) => hash),
          ),
        );
        const of = (unused: boolean) =>
          found.filter((image) => image.unused === unused).map(({ hash }) => hash);
        const [marked, unmarked] = [of(true), of(false)];
        await this.images.mark(
          tx,
          marked.filter((hash) => used.has(hash)),
          false,
        );
        await this.images.mark(
          tx,
          unmarked.filter((hash) => !used.has(hash)),
          true,
        );
        await this.images.delete(
          tx,
          marked.filter((hash) => !used.has(hash)),
          days,
        );
        return found.length === BATCH_IMAGES ? found.at(-1)!.hash : undefined;
      });
    }
  }
}
