type Json = unknown;

/**
 * The same schemas as people would write them: OpenAPI 3.0 has neither tuples nor members beside `$ref`, so that what makes
 * the document says a choice twice, or combines a schema with nothing.
 */
export function tidySchemas<T>(node: T): T {
  return tidy(node) as T;
}

function tidy(node: Json): Json {
  if (Array.isArray(node)) return node.map(tidy);
  if (!node || typeof node !== 'object') return node;
  const entries = Object.entries(node).map(([name, value]): [string, Json] => [
    name,
    // What was recorded is no schema.
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
