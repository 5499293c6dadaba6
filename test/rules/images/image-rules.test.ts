import assert from 'node:assert/strict';
import { test } from '@jest/globals';
import { imageOf, sizesOf } from '../../../src/images/image.rules.js';
import { imagePath, imageSizes } from '../../../src/platform/common/image-address.js';

const widths = (width: number, wanted: string) =>
  sizesOf(width)
    .filter(({ type }) => type === wanted)
    .map((size) => size.width);

test('a picture is kept in sizes up to its own, and never in a larger one', () => {
  assert.deepEqual(widths(1920, 'webp'), [320, 640, 960, 1280, 1920]);
  assert.deepEqual(widths(1280, 'webp'), [320, 640, 960, 1280]);
  assert.deepEqual(widths(1281, 'webp'), [320, 640, 960, 1280, 1281]);
  assert.deepEqual(widths(100, 'webp'), [100]);
  assert.deepEqual(widths(1920, 'jpeg'), [640, 1200]);
  assert.deepEqual(widths(640, 'jpeg'), [640]);
  assert.deepEqual(widths(100, 'jpeg'), [100]);
});

test('it is described by its largest size, in whatever order the sizes come', () => {
  const files = [
    { type: 'webp' as const, width: 900, height: 450 },
    { type: 'jpeg' as const, width: 1200, height: 600 },
    { type: 'webp' as const, width: 320, height: 160 },
  ];
  const image = imageOf('a1', files);
  assert.deepEqual(image, { hash: 'a1', width: 900, height: 450, widths: [320, 900] });
  assert.equal(imagePath(image, 640), '/api/v1/images/a1?width=640');
  assert.equal(imagePath(image, 1200, 'jpeg'), '/api/v1/images/a1?width=1200&type=jpeg');
  assert.equal(imageSizes(image), '/api/v1/images/a1?width=320 320w, /api/v1/images/a1?width=900 900w');
});
