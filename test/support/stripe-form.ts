import type { Form } from './stripe-types.js';

/** `a[b][0]=c` as Stripe reads it. */
export function decodeForm(pairs: URLSearchParams): Record<string, Form> {
  const root: Record<string, Form> = {};
  for (const [path, value] of pairs) {
    const names = path.replaceAll(']', '').split('[');
    let at = root;
    for (const name of names.slice(0, -1)) {
      at[name] ??= {};
      at = at[name] as Record<string, Form>;
    }
    at[names.at(-1)!] = value;
  }
  return withArrays(root) as Record<string, Form>;
}

function withArrays(form: Form): Form {
  if (typeof form !== 'object' || Array.isArray(form)) return form;
  const entries = Object.entries(form).map(([name, value]) => [name, withArrays(value)] as const);
  const isArray = entries.length > 0 && entries.every(([name], i) => name === `${i}`);
  return isArray ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}
