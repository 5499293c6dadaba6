import { DomainError } from '../platform/common/domain-error.js';
import type { Wish } from './entry.rules.js';
import type { Names } from './waitlist.bodies.js';
import type { NewEntry } from './waitlist.schemas.js';

/**
 * The wish with indexes for names. Naming only categories excludes areas, and the other way round.
 * Errors: `unknown_category`, `unknown_area`.
 */
export function toWish({ seats, areas }: Names, wanted: NewEntry): Wish {
  const { quantity, minQuantity, together, accessible, maxPrice } = wanted;
  const anything = !wanted.categories && !wanted.areas;
  return {
    quantity,
    minQuantity: minQuantity ?? quantity,
    together,
    accessible,
    categories: anything ? null : indexes('category', wanted.categories ?? [], seats.categories),
    areas: anything
      ? null
      : indexes(
          'area',
          wanted.areas ?? [],
          areas.map(({ name }) => name),
        ),
    maxPrice: maxPrice ?? null,
  };
}

const indexes = (kind: 'category' | 'area', wanted: readonly string[], known: readonly string[]): number[] =>
  wanted.map((name) => {
    const index = known.indexOf(name);
    if (index < 0)
      throw new DomainError(`unknown_${kind}`, { detail: `This event has no ${kind} "${name}".` });
    return index;
  });
