import { readFileSync } from 'node:fs';

/** A block of a guide: a command, a file to save first, or what the command before prints. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

export interface Step {
  readonly command: string;
  /** Absent where the guide shows nothing. `…` stands for anything. */
  readonly prints?: string;
}

export interface Guide {
  /** By the name in their first line: `// watch.mjs`, `<!-- shop.html -->`. */
  readonly files: Record<string, string>;
  readonly steps: readonly Step[];
}

/** @param change applied to the text first: other ports, the password of this start */
export function readGuide(path: string, change: (text: string) => string): Guide {
  const text = change(readFileSync(path, 'utf8'));
  const blocks = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(
    ([, language, body]): Block => ({ language: language!, text: body! }),
  );
  const files: Record<string, string> = {};
  const steps: Step[] = [];
  for (const [at, { language, text: body }] of blocks.entries()) {
    if (language === 'js' || language === 'html') files[/^(?:\/\/|<!--) (\S+)/.exec(body)![1]!] = body;
    if (language !== 'sh') continue;
    const next = blocks[at + 1];
    const isOutput = next?.language === 'json' || next?.language === 'text';
    steps.push({ command: body, ...(isOutput && { prints: next.text }) });
  }
  return { files, steps };
}

/** Blanks do not count, so that a guide may break lines where it reads well. */
export function matchesShown(shown: string, printed: string): boolean {
  const plain = (text: string) => text.replaceAll(/\s+/g, '');
  const pattern = plain(shown)
    .split('…')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*?');
  return new RegExp(`^${pattern}$`).test(plain(printed));
}
