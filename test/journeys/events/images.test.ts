import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import sharp from 'sharp';
import { EventImagesService } from '../../../src/events/event-images.service.js';
import { imagePath, imageSizes } from '../../../src/platform/common/image-address.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Answer, Client, Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import type { Person } from '../../support/people.js';

const DAYS = 30;

let app: TestApp;
let sale: Sale;
let organizer: Client;
let rival: Person;
let buyer: Person;

const filled = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#a03050' } });
const png = (width = 1600, height = 900): Promise<Buffer> => filled(width, height).png().toBuffer();

/** Red on the left, blue on the right, as the camera held it: on its side. */
const fromPhone = () =>
  sharp({ create: { width: 400, height: 300, channels: 3, background: '#ff0000' } })
    .composite([
      {
        input: { create: { width: 200, height: 300, channels: 3, background: '#0000ff' } },
        left: 200,
        top: 0,
      },
    ])
    .withExif({ IFD0: { Make: 'Secret', Orientation: '6' }, IFD3: { GPSLatitude: '50/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();

const read = async (): Promise<Json> => (await app.client().get(`/events/${sale.eventId}`)).body;
const send = async (
  bytes: Buffer | string,
  { client = organizer, type = 'image/png', tag }: { client?: Client; type?: string; tag?: string } = {},
): Promise<Answer> =>
  client.put(`/events/${sale.eventId}/image`, bytes, {
    'content-type': type,
    'if-match': tag ?? `"v${(await read()).version}"`,
  });
const set = async (bytes: Buffer): Promise<Json> => {
  const { status, body } = await send(bytes);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
};
const fetched = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(app.url + path, { headers });
  return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
};
const kept = async (): Promise<string[]> =>
  (await app.db.query('SELECT hash FROM image ORDER BY hash')).rows.map(({ hash }: Json) => hash);
const fails = ({ status, body }: Answer, expected: number, code: string) =>
  assert.deepEqual([status, body.code], [expected, code], JSON.stringify(body));

beforeAll(async () => {
  app = await startApp();
  sale = await openSale(app, plainHall(1, 3));
  organizer = sale.organizer.client;
  [rival] = await app.people(1, 'organizer');
  [buyer] = await app.people(1, 'user');
});
afterAll(() => app.close());

describe('a picture that an organizer uploads', () => {
  test('is shown in sizes that never change, to everybody', async () => {
    const before = await read();
    const { image, imageUrl, version } = await set(await png());
    assert.equal(version, before.version + 1);
    assert.equal(imageUrl, null);
    assert.deepEqual(
      { ...image, hash: image.hash.length },
      { hash: 32, width: 1600, height: 900, widths: [320, 640, 960, 1280, 1600] },
    );
    const { answer, bytes } = await fetched(imagePath(image, 640));
    assert.equal(answer.headers.get('content-type'), 'image/webp');
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.match(answer.headers.get('content-security-policy')!, /default-src 'none'/);
    const { format, width, height } = await sharp(bytes).metadata();
    assert.deepEqual([format, width, height], ['webp', 640, 360]);
    const tag = answer.headers.get('etag')!;
    assert.equal((await fetched(imagePath(image, 640), { 'if-none-match': tag })).answer.status, 304);
    assert.equal((await app.client().get(`/events?q=Final`)).body.data[0].image.hash, image.hash);
    const facts = await app.db.query(
      `SELECT data FROM fact WHERE stream_id = $1 AND type = 'event.updated' ORDER BY version DESC LIMIT 1`,
      [sale.eventId],
    );
    assert.deepEqual(facts.rows[0].data, { image });
  });

  test('has the size that is asked for, or the next', async () => {
    const { image } = await read();
    const widthOf = async (query: string) =>
      (await sharp((await fetched(`/api/v1/images/${image.hash}${query}`)).bytes).metadata()).width;
    assert.equal(await widthOf(''), 1600);
    assert.equal(await widthOf('?width=321'), 640);
    assert.equal(await widthOf('?width=5000'), 1600);
    assert.equal(await widthOf('?width=1&type=jpeg'), 640);
    assert.equal(await widthOf('?width=1200&type=jpeg'), 1200);
    assert.equal(
      (await fetched(imagePath(image, 1, 'jpeg'))).answer.headers.get('content-type'),
      'image/jpeg',
    );
    fails(await app.client().get(`/images/${'0'.repeat(32)}`), 404, 'not_found');
    fails(await app.client().get('/images/xyz'), 400, 'invalid_parameter');
    fails(await app.client().get(`/images/${image.hash}?width=0`), 400, 'invalid_query');
    fails(await app.client().get(`/images/${image.hash}?type=svg`), 400, 'invalid_query');
  });

  test('stands upright and says nothing of camera and place', async () => {
    const { image } = await set(await fromPhone());
    assert.deepEqual([image.width, image.height, image.widths], [300, 400, [300]]);
    for (const type of [undefined, 'jpeg'] as const) {
      const { bytes } = await fetched(imagePath(image, 300, type));
      const { exif, xmp, icc, orientation } = await sharp(bytes).metadata();
      assert.deepEqual([exif, xmp, icc, orientation], [undefined, undefined, undefined, undefined]);
      const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
      assert.ok(data[0]! > 200 && data[2]! < 60, 'red above');
      assert.ok(data.at(-3)! < 60 && data.at(-1)! > 200, 'blue below');
    }
  });

  test('may be PNG, JPEG, WebP or AVIF, whatever its sender calls it', async () => {
    const made = filled(200, 100);
    for (const bytes of [
      await made.clone().png().toBuffer(),
      await made.clone().jpeg().toBuffer(),
      await made.clone().webp().toBuffer(),
      await made.clone().avif({ effort: 0 }).toBuffer(),
    ]) {
      const { status, body } = await send(bytes, { type: 'image/jpeg' });
      assert.deepEqual([status, body.image.width], [200, 200], JSON.stringify(body));
    }
  });

  test('is refused when it is anything else, broken or huge', async () => {
    const before = await read();
    const gif = await filled(10, 10).gif().toBuffer();
    const tiff = await filled(10, 10).tiff().toBuffer();
    const whole = await sharp({
      create: {
        width: 400,
        height: 300,
        channels: 3,
        background: '#fff',
        noise: { type: 'gaussian', mean: 128, sigma: 30 },
      },
    })
      .jpeg()
      .toBuffer();
    for (const bytes of [
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>'),
      Buffer.from('%PDF-1.4 nothing'),
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      Buffer.alloc(0),
      whole.subarray(0, whole.length / 2),
      gif,
      tiff,
    ])
      fails(await send(bytes), 422, 'image_unreadable');
    const huge = await send(await png(9_000, 6_000));
    fails(huge, 422, 'image_too_large');
    assert.deepEqual([huge.body.width, huge.body.height], [9_000, 6_000]);
    fails(await send(Buffer.alloc(13 * 1024 * 1024)), 413, 'body_too_large');
    fails(await send('{"a":1}', { type: 'application/json' }), 415, 'unsupported_media_type');
    fails(await send(await png(), { type: 'image/svg+xml' }), 415, 'unsupported_media_type');
    const elsewhere = await organizer.post('/events', await png(), { 'content-type': 'image/png' });
    fails(elsewhere, 415, 'unsupported_media_type');
    assert.deepEqual(await read(), before);
  });

  test('is set by its organizer, at the version that was read', async () => {
    const bytes = await png(400, 300);
    fails(await send(bytes, { client: app.client() }), 401, 'unauthenticated');
    fails(await send(bytes, { client: buyer.client }), 403, 'forbidden');
    fails(await send(bytes, { client: rival.client }), 404, 'not_found');
    fails(await send(bytes, { tag: '"v1"' }), 412, 'version_mismatch');
    const missing = await organizer.put(`/events/${sale.eventId}/image`, bytes, {
      'content-type': 'image/png',
    });
    fails(missing, 428, 'if_match_required');
  });

  test('and an address elsewhere take the place of each other', async () => {
    const { image } = await set(await png(500, 300));
    const edit = async (changes: Json): Promise<Json> => {
      const headers = { 'if-match': `"v${(await read()).version}"` };
      return (await organizer.patch(`/events/${sale.eventId}`, changes, headers)).body;
    };
    assert.deepEqual((await edit({ imageUrl: null, category: 'Final' })).image, image);
    const elsewhere = await edit({ imageUrl: 'https://example.org/a.png' });
    assert.deepEqual([elsewhere.image, elsewhere.imageUrl], [null, 'https://example.org/a.png']);
    const again = await set(await png(500, 300));
    assert.deepEqual([again.image, again.imageUrl], [image, null]);
    const removed = await organizer.delete(`/events/${sale.eventId}/image`, undefined, {
      'if-match': `"v${again.version}"`,
    });
    assert.deepEqual(
      [removed.status, removed.body.image, removed.body.version],
      [200, null, again.version + 1],
    );
  });

  test('goes with a copy of its event, and is kept once', async () => {
    const { image } = await set(await png(700, 300));
    const { venueId, planId, title, category, startsAt, endsAt, currency } = await read();
    const copy = { venueId, planId, title, category, startsAt, endsAt, currency, imageHash: image.hash };
    const made = await organizer.post('/events', copy);
    assert.deepEqual([made.status, made.body.image], [201, image]);
    const unknown = await organizer.post('/events', { ...copy, imageHash: 'f'.repeat(32) });
    fails(unknown, 422, 'unknown_image');
    assert.equal((await kept()).filter((hash) => hash === image.hash).length, 1);
    await organizer.delete(`/events/${made.body.id}`);
  });

  test('is shown by the first text of pages, and to messengers as JPEG with its whole address', async () => {
    const { image } = await set(await png());
    const page = await (await fetch(`${app.url}/events/${sale.eventId}`)).text();
    assert.ok(page.includes(`srcset="${imageSizes(image).replaceAll('&', '&#38;')}"`));
    const shared = `${app.config.http.publicUrl}${imagePath(image, 1200, 'jpeg')}`;
    assert.ok(page.includes(`property="og:image" content="${shared.replaceAll('&', '&#38;')}"`));
    assert.ok(page.includes(`"image":["${shared}"]`));
  });

  test('is removed when nothing has shown it for a while', async () => {
    const { image } = await set(await png(800, 300));
    const removeUnused = () => app.nest.get(EventImagesService, { strict: false }).removeUnused(DAYS);
    await removeUnused();
    assert.ok((await kept()).length > 1, 'new ones are left alone');
    await app.db.query(`UPDATE image SET created_at = created_at - interval '2 hours'`);
    await removeUnused();
    assert.ok((await kept()).length > 1, 'they were in use until now');
    const ago = (days: number) =>
      app.db.query(
        `UPDATE image SET unused_since = clock_timestamp() - make_interval(days => $1) WHERE unused_since IS NOT NULL`,
        [days],
      );
    await ago(DAYS - 1);
    await removeUnused();
    assert.ok((await kept()).length > 1, 'mails still show them');
    await ago(DAYS + 1);
    // One that is taken up again at the last moment.
    const { image: again } = await set(await png(700, 300));
    await removeUnused();
    assert.deepEqual(await kept(), [again.hash, image.hash].sort(), 'the one before is unused only now');
  });
});
