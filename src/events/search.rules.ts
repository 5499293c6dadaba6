/**
 * A part of what was typed into a search: words as they are being typed, words that follow each other, or what must not
 * be there.
 */
export interface SearchTerm {
  readonly text: string;
  readonly kind: 'words' | 'phrase' | 'not';
}

/**
 * Parses a search into alternatives: an event must match all terms of at least one list. `"two words"` is a phrase,
 * `-word` and `-"two words"` exclude, `or` between words separates alternatives. All other characters, typographic
 * quotes and dashes included, only separate words.
 */
export function parseSearch(q: string): SearchTerm[][] {
  return q.split(/(?<=\S)\s+or\s+(?=\S)/i).map(termsOf);
}

function termsOf(part: string): SearchTerm[] {
  const words: string[] = [];
  const terms: SearchTerm[] = [];
  for (const [all, sign, phrase] of part.matchAll(/(-?)"([^"]*)"?|\S+/g)) {
    const left = sign === '-' || /^-[\p{L}\p{N}]/u.test(all);
    if (phrase === undefined && !left) words.push(all);
    else terms.push({ text: phrase ?? all.slice(1), kind: left ? 'not' : 'phrase' });
  }
  // Words beside operators are complete; otherwise the last one is still being typed.
  if (terms.length > 0) return [...words.map((text) => ({ text, kind: 'phrase' as const })), ...terms];
  // Joined, so that words separated by a sign match too: "AC / DC".
  return [{ text: words.join(' '), kind: 'words' }];
}
