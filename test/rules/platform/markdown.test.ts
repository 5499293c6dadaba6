import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import { proseOf } from '../../../src/platform/common/markdown.js';

const LONGEST = 10_000;
const html = (markdown: string) => proseOf(markdown).html;
const filled = (part: string) => part.repeat(Math.ceil(LONGEST / part.length)).slice(0, LONGEST);

describe('a text in Markdown', () => {
  test('has emphasis, lists, links and headings below those of its page', () => {
    assert.equal(html('A **bold** and *soft* word'), '<p>A <strong>bold</strong> and <em>soft</em> word</p>');
    assert.equal(html('- one\n- two'), '<ul>\n<li>one</li>\n<li>two</li>\n</ul>');
    assert.equal(
      html('[more](https://example.org/a?b=1&c)'),
      '<p><a rel="nofollow ugc noopener" href="https://example.org/a?b=1&amp;c">more</a></p>',
    );
    const headings = html('# One\n\n## Two\n\n##### Five\n\nSix\n===');
    assert.deepEqual(headings.match(/<h\d>/g), ['<h3>', '<h4>', '<h6>', '<h3>']);
    assert.deepEqual(headings.match(/<\/h\d>/g), ['</h3>', '</h4>', '</h6>', '</h3>']);
  });

  test('keeps the lines and indents of people who know no Markdown', () => {
    assert.equal(html('One\nTwo\n\n    Three'), '<p>One\nTwo</p>\n<p>Three</p>');
    assert.equal(html('5 < 6 & "7"'), '<p>5 &lt; 6 &amp; &quot;7&quot;</p>');
    assert.equal(html(''), '');
  });

  test('brings no markup, script, picture or frame of its writer', () => {
    for (const evil of [
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      'a <b onclick="x">b</b>',
      '<iframe src="https://example.org"></iframe>',
      '<svg/onload=alert(1)>',
      '<!-- a --><style>*{}</style>',
      '![x](https://example.org/track.png)',
      '![x][1]\n\n[1]: https://example.org/track.png',
      '[<img src=x onerror=alert(1)>](https://example.org)',
      '**<h1>x</h1>**',
      '`<script>`\n\n```html\n<script>x</script>\n```',
      '<https://example.org/"onmouseover="x>',
      '[a](https://example.org/"onmouseover="x)',
      '[a](https://example.org "t\\"><script>x</script>")',
      '&lt;script&gt;x&lt;/script&gt;',
      '&#60;script&#62;',
    ]) {
      const tags = html(evil).match(/<\/?[^>]*>/g) ?? [];
      for (const tag of tags)
        assert.match(
          tag,
          /^<(\/?(p|strong|em|code|pre|a|ul|ol|li|blockquote|h[3-6])|code class="language-\w+"|br \/|hr \/|a rel="nofollow ugc noopener" href="https?:\/\/[^"]*"( title="[^"]*")?)>$/,
          evil,
        );
    }
  });

  test('leads to pages and mail addresses only', () => {
    for (const address of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'java&#115;cript:alert(1)',
      '&#x6A;avascript:alert(1)',
      'javascript&colon;alert(1)',
      'vbscript:x',
      'data:text/html,<script>x</script>',
      'data:text/html;base64,PHNjcmlwdD4=',
      'file:///etc/passwd',
      'blob:https://example.org/1',
    ]) {
      assert.ok(!html(`[a](${address})`).includes('<a'), address);
      assert.ok(!html(`[a](<${address}>)`).includes('<a'), address);
      assert.ok(!html(`[a][1]\n\n[1]: ${address}`).includes('<a'), address);
      assert.ok(!html(`<${address}>`).includes('<a'), address);
    }
    assert.ok(html('[a](mailto:box@example.org)').includes('href="mailto:box@example.org"'));
    assert.ok(html('<https://example.org>').includes('href="https://example.org"'));
    // Text after a link that is none stays.
    assert.equal(html('[**a**](data:x) b [c](data:y)'), '<p><strong>a</strong> b c</p>');
  });

  test('is read in bounded time, whatever it is', () => {
    const hostile = [
      '[',
      '*',
      '_a',
      'a**b',
      '*a_ ',
      '1. ',
      '> ',
      '- ',
      '`',
      '![',
      '[a](',
      '<',
      '&a',
      'a\n',
      '\\',
    ];
    for (const part of hostile) {
      const text = filled(part);
      const start = performance.now();
      const { html: shown } = proseOf(text);
      assert.ok(shown.length < 6 * LONGEST, part);
      // Three seconds without the bound; some hundredths with it.
      assert.ok(performance.now() - start < 1_000, part);
    }
    const nested = `${'['.repeat(450)}a${']'.repeat(450)}`;
    assert.ok(html(nested).includes(nested));
    assert.equal(html(filled('<b>*\n\n')).match(/<(?!\/?p>)/), null, 'too many signs: paragraphs, escaped');
  });

  test('has a form without marks, on one line', () => {
    const text = (markdown: string) => proseOf(markdown).text;
    assert.equal(
      text(
        '# Big *night*\n\nWith **friends** & [family](https://example.org "t").\n\n- one\n- two\n\n> said',
      ),
      'Big night With friends & family. one two said',
    );
    assert.equal(text('<b>5 < 6 "&amp;"</b>'), '<b>5 < 6 "&"</b>');
    assert.equal(text('One  \ntwo\\\nthree\n\n---\nfour'), 'One two three four');
    assert.equal(text('&amp;lt;'), '&lt;');
    assert.equal(text(''), '');
  });
});
