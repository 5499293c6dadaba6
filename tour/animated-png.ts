import { crc32 } from 'node:zlib';

/** One picture of an animation, as a PNG, and how long it is shown. */
export interface Frame {
  readonly png: Buffer;
  readonly ms: number;
}

const SIGNATURE_BYTES = 8;
/** Length, type and checksum around what a chunk holds. */
const AROUND = 12;

/**
 * Joins pictures of one size and kind into an animated PNG that is repeated for ever. Browsers without it show the first.
 * @see https://www.w3.org/TR/png-3/#apng-frame-based-animation
 */
export function animatedPng(frames: readonly Frame[]): Buffer {
  const [first] = frames;
  if (!first) throw new Error('An animation needs a picture.');
  const header = chunksOf(first.png).find(({ type }) => type === 'IHDR')!.data;
  let sequence = 0;
  const pictures = frames.flatMap(({ png, ms }, i) => {
    const chunks = chunksOf(png);
    if (!chunks.find(({ type }) => type === 'IHDR')!.data.equals(header))
      throw new Error(`Picture ${i} has another size or kind than the first.`);
    const control = Buffer.alloc(26);
    control.writeUInt32BE(sequence++, 0);
    // Width and height of the whole.
    header.copy(control, 4, 0, 8);
    control.writeUInt16BE(ms, 20);
    control.writeUInt16BE(1_000, 22);
    const data = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data));
    return [
      chunk('fcTL', control),
      i === 0 ? chunk('IDAT', data) : chunk('fdAT', Buffer.concat([bigEndian(sequence++), data])),
    ];
  });
  return Buffer.concat([
    first.png.subarray(0, SIGNATURE_BYTES),
    chunk('IHDR', header),
    chunk('acTL', Buffer.concat([bigEndian(frames.length), bigEndian(0)])),
    ...pictures,
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunksOf(png: Buffer): { type: string; data: Buffer }[] {
  const chunks = [];
  for (let at = SIGNATURE_BYTES; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.push({
      type: png.toString('latin1', at + 4, at + 8),
      data: png.subarray(at + 8, at + 8 + length),
    });
    at += length + AROUND;
  }
  return chunks;
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([bigEndian(data.length), named, bigEndian(crc32(named))]);
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
