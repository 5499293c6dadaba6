import assert from 'node:assert/strict';
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { describe, test } from '@jest/globals';
import { animatedPng } from '../../../tour/animated-png.js';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

function chunk(type: string, data: Buffer): Buffer {
  const framed = Buffer.alloc(12 + data.length);
  framed.writeUInt32BE(data.length);
  framed.write(type, 4, 'latin1');
  data.copy(framed, 8);
  framed.writeUInt32BE(crc32(framed.subarray(4, 8 + data.length)), 8 + data.length);
  return framed;
}

/** A grey picture of one row; its data are in two chunks. */
function grey(...row: number[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(row.length);
  header.writeUInt32BE(1, 4);
  header.writeUInt8(8, 8);
  const data = deflateSync(Buffer.from([0, ...row]));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', data.subarray(0, 5)),
    chunk('IDAT', data.subarray(5)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function read(png: Buffer): { type: string; data: Buffer }[] {
  const chunks = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const named = png.subarray(at + 4, at + 8 + length);
    assert.equal(png.readUInt32BE(at + 8 + length), crc32(named), 'checksum');
    chunks.push({ type: named.toString('latin1', 0, 4), data: named.subarray(4) });
    at += 12 + length;
  }
  return chunks;
}

describe('an animated PNG', () => {
  test('has each picture in its order, with its time, and is a PNG of the first to those that know no better', () => {
    const png = animatedPng([
      { png: grey(1, 2, 3), ms: 1_200 },
      { png: grey(4, 5, 6), ms: 80 },
    ]);
    assert.deepEqual(png.subarray(0, 8), SIGNATURE);
    const chunks = read(png);
    assert.deepEqual(
      chunks.map(({ type }) => type),
      ['IHDR', 'acTL', 'fcTL', 'IDAT', 'fcTL', 'fdAT', 'IEND'],
    );
    const [, animation, first, shown, second, next] = chunks.map(({ data }) => data);
    assert.deepEqual([animation!.readUInt32BE(0), animation!.readUInt32BE(4)], [2, 0]);
    const control = (data: Buffer) => [0, 4, 8, 12, 16].map((at) => data.readUInt32BE(at));
    assert.deepEqual(control(first!), [0, 3, 1, 0, 0]);
    assert.deepEqual(control(second!), [1, 3, 1, 0, 0]);
    assert.deepEqual(
      [first!, second!].map((data) => data.readUInt16BE(20) / data.readUInt16BE(22)),
      [1.2, 0.08],
    );
    assert.deepEqual([...inflateSync(shown!)], [0, 1, 2, 3]);
    assert.equal(next!.readUInt32BE(0), 2);
    assert.deepEqual([...inflateSync(next!.subarray(4))], [0, 4, 5, 6]);
  });

  test('takes no pictures of different sizes, and not none', () => {
    const frame = (...row: number[]) => ({ png: grey(...row), ms: 1 });
    assert.throws(() => animatedPng([frame(1, 2), frame(1)]), /Picture 1 has another size/);
    assert.throws(() => animatedPng([]), /needs a picture/);
  });
});
