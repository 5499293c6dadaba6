import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import fc from 'fast-check';
import { accentColors, accentSheet, contrast, isReadable } from '../../../src/house/accent.rules.js';
import { letterheadOf } from '../../../src/house/house.rules.js';
import { house, houseSettings, inLanguage } from '../../../src/house/house.schemas.js';
import { logoType } from '../../../src/house/logo.rules.js';

const color = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, '0')}`);

describe('the accent colour', () => {
  test('is measured as WCAG does', () => {
    assert.equal(contrast('#000000', '#ffffff'), 21);
    assert.equal(contrast('#ffffff', '#ffffff'), 1);
    assert.deepEqual([contrast('#777777', '#ffffff').toFixed(2), isReadable('#777777')], ['4.48', false]);
    assert.deepEqual([contrast('#767676', '#ffffff').toFixed(2), isReadable('#767676')], ['4.54', true]);
  });

  test('gives colours that can be read on every ground of the design, light and dark', () => {
    const grounds = {
      light: ['#ffffff', '#f6f5f1', '#eceae4'],
      dark: ['#121416', '#1b1e22', '#25292e'],
    };
    fc.assert(
      fc.property(color.filter(isReadable), (accent) => {
        const colors = accentColors(accent);
        for (const mode of ['light', 'dark'] as const) {
          const of = (name: keyof (typeof colors)['light']) => colors[mode][name];
          const pairs = [
            ...grounds[mode].map((ground) => [of('accent'), ground] as const),
            [of('accent'), of('accent-soft')] as const,
            [of('on-accent'), of('accent')] as const,
            [of('on-accent'), of('accent-hover')] as const,
          ];
          for (const [text, ground] of pairs)
            assert.ok(contrast(text, ground) >= 4.5, `${accent} ${mode}: ${text} on ${ground}`);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('stays as it is where it is dark enough, and is lighter in the dark', () => {
    const { light, dark } = accentColors('#8b1e3f');
    assert.equal(light.accent, '#8b1e3f');
    assert.ok(contrast(dark.accent, '#000000') > contrast('#8b1e3f', '#000000'));
    assert.match(accentSheet('#8b1e3f'), /^:root:root\{--accent:#8b1e3f;[^{}]*\}\n@media /);
  });
});

describe('settings', () => {
  const { imprint, privacy, terms, ...example } = houseSettings.meta()!.example as Record<string, unknown>;
  const settings = { ...example, imprint, privacy, terms };
  const accepts = (changes: object) => houseSettings.safeParse({ ...settings, ...changes }).success;

  test('are colours, secure links and plain texts', () => {
    assert.deepEqual(houseSettings.parse({ ...settings, accent: '#8B1E3F' }).accent, '#8b1e3f');
    for (const accent of ['8b1e3f', '#8b1', 'red', '#8b1e3f;}', '']) assert.ok(!accepts({ accent }), accent);
    const link = (url: string) => ({ links: [{ label: { de: 'a', en: 'a' }, url }] });
    assert.ok(accepts(link('https://example.org/a?b=c')));
    for (const url of ['http://example.org/', 'javascript:alert(1)', 'example.org', '/here'])
      assert.ok(!accepts(link(url)), url);
    const { links } = link('https://example.org/');
    assert.ok(accepts({ links: Array(8).fill(links[0]) }));
    assert.ok(!accepts({ links: Array(9).fill(links[0]) }));
    assert.ok(accepts({ terms: { de: 'a'.repeat(50_000), en: null } }));
    assert.ok(!accepts({ terms: { de: 'a'.repeat(50_001), en: null } }));
    assert.ok(!accepts({ vat: { de: 'two\nlines', en: null } }));
    assert.ok(!accepts({ name: ' ' }));
  });

  test('are read in the other language where one is missing', () => {
    assert.equal(inLanguage({ de: 'Hallo', en: 'Hello' }, 'en'), 'Hello');
    assert.equal(inLanguage({ de: 'Hallo', en: null }, 'en'), 'Hallo');
    assert.equal(inLanguage({ de: null, en: 'Hello' }, 'de'), 'Hello');
    assert.equal(inLanguage({ de: null, en: null }, 'de'), null);
  });

  test('are the foot of a mail: links, then the legal texts that there are', () => {
    const shown = house.parse(house.meta()!.example);
    assert.deepEqual(letterheadOf(shown, 'de', 'https://tickets.example.org'), {
      name: 'Playhouse Erfurt',
      accent: '#8b1e3f',
      logo: 'https://tickets.example.org/api/v1/house/logo?v=3f0c2b9d5e1a',
      links: [
        { text: 'Anfahrt', url: 'https://playhouse.example.org/visit' },
        { text: 'Impressum', url: 'https://tickets.example.org/imprint' },
      ],
    });
  });
});

describe('a logo', () => {
  const bytes = (text: string) => Buffer.from(text, 'latin1');
  test('is known by its first bytes', () => {
    assert.equal(logoType(bytes('\x89PNG\r\n\x1a\n....')), 'image/png');
    assert.equal(logoType(bytes('\xff\xd8\xff\xe0....')), 'image/jpeg');
    assert.equal(logoType(bytes('RIFF\n\r\0\0WEBPVP8 ')), 'image/webp');
    for (const other of [
      '',
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'GIF89a',
      'RIFF1234WAVE',
      ' \x89PNG\r\n\x1a\n',
    ])
      assert.equal(logoType(bytes(other)), undefined, other);
  });
});
