import { useEffect, useMemo, useState } from 'react';
import type { Prose as Parsed } from '../../../src/platform/common/markdown.js';

type Parse = (markdown: string) => Parsed;

let known: Parse | undefined;

/** Reads Markdown by the server's own function, which comes a moment later; undefined until then, and when it cannot be loaded. */
export function useProse(markdown: string): Parsed | undefined {
  const [parse, setParse] = useState<{ run: Parse } | undefined>(known && { run: known });
  useEffect(() => {
    if (known) return;
    let shown = true;
    import('../../../src/platform/common/markdown.js').then(
      ({ proseOf }) => {
        known = proseOf;
        if (shown) setParse({ run: proseOf });
      },
      // The text can be read without.
      () => {},
    );
    return () => {
      shown = false;
    };
  }, []);
  return useMemo(() => parse?.run(markdown), [parse, markdown]);
}

/** A text of an organizer, in Markdown. */
export function Prose({ markdown }: { markdown: string }) {
  const prose = useProse(markdown);
  if (!prose) return <p className="prose">{markdown}</p>;
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the function lets no markup of the writer through
  return <div className="prose" dangerouslySetInnerHTML={{ __html: prose.html }} />;
}
