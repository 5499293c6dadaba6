import type { Values } from './event-values.js';

const PREFIX = 'evently.draft.';

/** Changes that are not saved, as long as the tab is open: whoever leaves the page finds them again. */
export function keptDraft(key: string): Values | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + key) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** @param values the fields that differ from what is saved; none: nothing is kept */
export function keepDraft(key: string, values: Values): void {
  try {
    if (Object.keys(values).length === 0) sessionStorage.removeItem(PREFIX + key);
    else sessionStorage.setItem(PREFIX + key, JSON.stringify(values));
  } catch {
    // It lasts as long as the page, then.
  }
}

/** After a change that touches none of these fields, such as a picture, they go with the event's new version. */
export function moveDraft(from: string, to: string): void {
  const draft = keptDraft(from);
  if (!draft) return;
  keepDraft(from, {});
  keepDraft(to, draft);
}
