import { type ComponentType, use } from 'react';

export type LoadPage = () => Promise<ComponentType>;

/** The code of a page was not fetched: the server cannot be reached, or has another release by now. */
export class CodeMissing extends Error {}

const loaded = new Map<LoadPage, ComponentType>();
const loading = new Map<LoadPage, Promise<ComponentType>>();

/** Fetches the code of a page, once. Errors: `CodeMissing`. */
export function loadCode(load: LoadPage): Promise<ComponentType> {
  const known = loading.get(load);
  if (known) return known;
  const fetched = load().then(
    (Page) => {
      loaded.set(load, Page);
      return Page;
    },
    (error) => {
      throw new CodeMissing(String(error));
    },
  );
  loading.set(load, fetched);
  return fetched;
}

/** Lets the code of pages that could not be fetched be asked for again. */
export function forgetMissingCode(): void {
  for (const load of loading.keys()) if (!loaded.has(load)) loading.delete(load);
}

/** A page whose code is fetched when it is first opened; until then the page before stays. */
export function Code({ load }: { load: LoadPage }) {
  const Page = loaded.get(load) ?? use(loadCode(load));
  return <Page />;
}
