/** A proof of who somebody is that a request waits for. */
let asked: { readonly given: Promise<boolean>; readonly answer: (given: boolean) => void } | undefined;
/** Who can ask for it: the dialog, where there is one. */
const listeners = new Set<() => void>();

/**
 * Asks the person to prove once more who they are; requests at the same moment wait for one answer. @returns whether they
 * did. Where nobody can be asked, as on the pages of others, nobody did.
 */
export function proveAgain(): Promise<boolean> {
  if (listeners.size === 0) return Promise.resolve(false);
  if (!asked) {
    const { promise: given, resolve: answer } = Promise.withResolvers<boolean>();
    asked = { given, answer };
    for (const listener of listeners) listener();
  }
  return asked.given;
}

/** Ends the asking. */
export function answerProof(given: boolean): void {
  asked?.answer(given);
  asked = undefined;
  for (const listener of listeners) listener();
}

export const isProofAsked = (): boolean => asked !== undefined;

export function onProofAsked(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
