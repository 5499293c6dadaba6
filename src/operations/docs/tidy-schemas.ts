type Json = unknown;

/**
 * Simplifies schemas to the form that people would write: OpenAPI 3.0 has neither tuples nor members beside `$ref`, so
 * the generator repeats choices, or wraps single schemas in `allOf`.
 */
export function tidySchemas<T>(node: T): T {
  return tidy(node) as T;
}

function tidy(node: Json): Json {
  if (Array.isArray(node)) return node.map(tidy);
  if (!node || typeof node !== 'object') return node;
  const entries = Object.entries(node).map(([name, value]): [string, Json] => [
    name,
    // Recorded examples are no schemas.
    name === 'example' || name === 'examples' ? value : tidy(value),
  ]);
  const { anyOf, allOf, ...rest } = Object.fromEntries(entries) as Record<string, Json>;
  if (Array.isArray(allOf) && allOf.length === 1 && Object.keys(rest).length === 0 && !anyOf) return allOf[0];
  return { ...rest, ...(allOf !== undefined && { allOf }), ...(anyOf !== undefined && choices(anyOf)) };
}

function choices(anyOf: Json): object {
  if (!Array.isArray(anyOf)) return { anyOf };
  const different = new Map(anyOf.map((schema) => [JSON.stringify(schema), schema]));
  return { anyOf: [...different.values()] };
}
