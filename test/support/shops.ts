import type { TestApp } from './app.js';
import type { Client } from './client.js';
import type { Person } from './people.js';

/** Origin of the pages of shops in tests. */
export const SHOP_ORIGIN = 'https://shop.example.org';

/** Server of a shop, with a key of this organisation that may make buyer sessions and see customers. */
export async function openShop(
  app: TestApp,
  { id, client }: Pick<Person, 'id' | 'client'>,
): Promise<{ id: string; key: string; client: Client }> {
  const wanted = { name: 'Shop', permissions: ['sell', 'people'] };
  const { status, body } = await client.post(`/organisations/${id}/keys`, wanted);
  if (status !== 201) throw new Error(`No key: ${status} ${JSON.stringify(body)}`);
  return { id: body.id, key: body.key, client: app.client(body.key) };
}
