import { Injectable } from '@nestjs/common';
import { BulkheadRejectedError, bulkhead } from 'cockatiel';
import type { Metadata, Sharp, default as SharpLibrary } from 'sharp';
import { DomainError } from '../platform/common/domain-error.js';
import { type ImageFile, LARGEST_SIDE, MOST_PIXELS, type Size, sizesOf } from './image.rules.js';

/** Pictures being resized, on a thread of the pool that files and name look-ups share; others wait with their bytes. */
const AT_ONCE = 1;
const MOST_WAITING = 6;
const MOST_SECONDS = 20;
const QUALITY = { webp: 78, jpeg: 82 } as const;

/** Readers of libvips that may be used; the others, of SVG and PDF among them, are never run on what people send. */
const READERS = ['Jpeg', 'Png', 'Webp', 'Heif'].map((format) => `VipsForeignLoad${format}Buffer`);
const FORMATS = ['jpeg', 'png', 'webp'];

type Library = typeof SharpLibrary;

/** Decodes pictures of strangers and makes the sizes that are kept, upright and without what cameras write beside the picture. */
@Injectable()
export class ResizerService {
  private readonly queue = bulkhead(AT_ONCE, MOST_WAITING);
  private library: Promise<Library> | undefined;

  /** Errors: `image_unreadable`, `image_too_large`, `overloaded`. */
  resize(bytes: Buffer): Promise<ImageFile[]> {
    return this.inTurn((sharp) => resizeAll(sharp, bytes));
  }

  /** As JPEG on white, within the box. Errors: those of `resize`. */
  printable(bytes: Buffer, box: { width: number; height: number }): Promise<Buffer> {
    return this.inTurn(async (sharp) => {
      const picture = await open(sharp, bytes);
      return orUnreadable(() =>
        picture
          .resize({ ...box, fit: 'inside', withoutEnlargement: true })
          .flatten({ background: '#ffffff' })
          .jpeg({ quality: 90 })
          .toBuffer(),
      );
    });
  }

  private async inTurn<Found>(work: (sharp: Library) => Promise<Found>): Promise<Found> {
    this.library ??= load();
    const sharp = await this.library;
    try {
      return await this.queue.execute(() => work(sharp));
    } catch (error) {
      if (error instanceof BulkheadRejectedError) throw new DomainError('overloaded', { retryAfter: 2 });
      throw error;
    }
  }
}

/** A picture, upright, that is one of the four kinds and not too large. */
async function open(sharp: Library, bytes: Buffer): Promise<Sharp> {
  // Only the beginning is read, so that a picture that is too large can be told from one that is broken.
  const { width, height } = await inspect(() => sharp(bytes, { limitInputPixels: false }).metadata());
  if (width * height > MOST_PIXELS)
    throw new DomainError('image_too_large', {
      detail: `The picture has ${width} × ${height} pixels, more than ${MOST_PIXELS / 1_000_000} million.`,
      extra: { width, height },
    });
  return sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
    .timeout({ seconds: MOST_SECONDS })
    .autoOrient();
}

async function resizeAll(sharp: Library, bytes: Buffer): Promise<ImageFile[]> {
  const picture = await open(sharp, bytes);
  // Decoded once, and all sizes made of that.
  const { data, info } = await orUnreadable(() =>
    picture
      .resize({ width: LARGEST_SIDE, height: LARGEST_SIDE, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true }),
  );
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const files: ImageFile[] = [];
  for (const size of sizesOf(info.width)) files.push(await encode(sharp(data, { raw }), size));
  return files;
}

/** On the first picture: a start needs none of it. */
async function load(): Promise<Library> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: READERS });
  return sharp;
}

async function inspect(read: () => Promise<Metadata>): Promise<{ width: number; height: number }> {
  const { format, compression, width, height } = await orUnreadable(read);
  // HEIF holds AVIF and others.
  if (FORMATS.includes(format) || compression === 'av1') return { width, height };
  throw new DomainError('image_unreadable', UNREADABLE);
}

async function encode(picture: Sharp, { type, width }: Size): Promise<ImageFile> {
  const sized = picture.resize({ width });
  const encoded =
    type === 'webp'
      ? sized.webp({ quality: QUALITY.webp })
      : sized.flatten({ background: '#ffffff' }).jpeg({ quality: QUALITY.jpeg });
  const { data: bytes, info } = await encoded.toBuffer({ resolveWithObject: true });
  return { type, width, height: info.height, bytes };
}

const UNREADABLE = { detail: 'Send a whole PNG, JPEG, WebP or AVIF picture.' };

/** The library throws and rejects with what it found, in words of its own. */
async function orUnreadable<Found>(work: () => Promise<Found>): Promise<Found> {
  try {
    return await work();
  } catch {
    throw new DomainError('image_unreadable', UNREADABLE);
  }
}
