import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import fc from 'fast-check';
import { BestPicker, type Hall, type Wish } from '../../../src/inventory/holds/best-available.rules.js';

/**
 * Seats as letters: `a` and `b` open, of the first and second category; upper case: accessible; `.` taken. A blank is
 * an aisle.
 */
function hall(plan: string, prices: Hall['prices'] = [2000, 1000]): Hall & { take(n: number): void } {
  const cells = [...plan.replaceAll(' ', '')];
  let run = 0;
  const runs = [...plan].flatMap((cell) => {
    if (cell !== ' ') return [run];
    run++;
    return [];
  });
  const taken = new Set(cells.flatMap((cell, n) => (cell === '.' ? [n] : [])));
  return {
    count: cells.length,
    category: Uint8Array.from(cells, (cell) => (cell.toLowerCase() === 'b' ? 1 : 0)),
    run: Int32Array.from(runs),
    accessible: Uint8Array.from(cells, (cell) => (/[AB]/.test(cell) ? 1 : 0)),
    prices,
    isOpen: (n) => !taken.has(n),
    take: (n) => taken.add(n),
  };
}
const find = (plan: string, wish: Partial<Wish> & { quantity: number }, prices?: Hall['prices']) => {
  const pick = new BestPicker(hall(plan, prices)).find(wish);
  return 'seats' in pick ? pick.seats : pick.refused;
};

describe('best available', () => {
  test('is the tightest gap that holds the group, the lowest numbers among equals', () => {
    assert.deepEqual(find('aaaaa aa aaa', { quantity: 2 }), [5, 6]);
    assert.deepEqual(find('aa aa', { quantity: 2 }), [0, 1]);
    assert.deepEqual(find('aaaa.aaa', { quantity: 3 }), [5, 6, 7]);
    assert.deepEqual(find('a', { quantity: 1 }), [0]);
  });

  test('leaves no single seat behind where another gap holds the group', () => {
    assert.deepEqual(find('aaa aaaaa', { quantity: 2 }), [3, 4], 'two of five, not two of three');
    assert.deepEqual(find('aaaa aaaaaaaaaaaa', { quantity: 3 }), [4, 5, 6]);
    assert.deepEqual(find('aaa aaaa', { quantity: 2, together: true }), [3, 4]);
    assert.deepEqual(find('aaa', { quantity: 2 }), [0, 1], 'where there is no other it does');
    assert.deepEqual(find('aaaa aaa', { quantity: 2 }), [0, 1], 'two are left, not one');
  });

  test('ends at aisles and at what is taken', () => {
    assert.deepEqual(find('aa aa', { quantity: 3, together: true }), 'no_adjacent_seats');
    assert.deepEqual(find('aa.aa', { quantity: 3, together: true }), 'no_adjacent_seats');
    assert.deepEqual(find('..aa.', { quantity: 2, together: true }), [2, 3]);
  });

  test('tears a group as little as possible, from the largest gaps first', () => {
    assert.deepEqual(find('a.aa.aaa', { quantity: 4 }), [2, 5, 6, 7]);
    assert.deepEqual(find('aa.aa.a', { quantity: 3 }), [0, 1, 3]);
    assert.deepEqual(find('a.aa.a', { quantity: 4 }), [0, 2, 3, 5]);
  });

  test('is refused when there is too little', () => {
    assert.equal(find('aa', { quantity: 3 }), 'sold_out');
    assert.equal(find('aa', { quantity: 3, together: true }), 'sold_out');
    assert.equal(find('...', { quantity: 1 }), 'sold_out');
    assert.equal(find('', { quantity: 1 }), 'sold_out');
  });

  test('heeds categories and prices', () => {
    assert.deepEqual(find('aabb', { quantity: 2, categories: [1] }), [2, 3]);
    assert.equal(find('aabb', { quantity: 3, categories: [1] }), 'sold_out');
    assert.equal(find('aabb', { quantity: 1, categories: [] }), 'sold_out');
    assert.deepEqual(find('aabb', { quantity: 2, maxPrice: 1000 }), [2, 3]);
    assert.deepEqual(find('aabb', { quantity: 4, maxPrice: 2000 }), [0, 1, 2, 3]);
    assert.equal(find('aabb', { quantity: 1, maxPrice: 999 }), 'sold_out');
    assert.deepEqual(find('aabb', { quantity: 1 }, [null, 1000]), [2], 'without a price nothing is sold');
    assert.deepEqual(find('aabb', { quantity: 1 }, [undefined as unknown as null, 1000]), [2]);
    assert.deepEqual(find('aabb', { quantity: 1 }, [0, 1000]), [0], 'free of charge is a price');
  });

  test('gives accessible seats to those who ask, to the others last', () => {
    assert.deepEqual(find('AAaa', { quantity: 2, accessible: true }), [0, 1]);
    assert.equal(find('AAaa', { quantity: 3, accessible: true }), 'sold_out');
    assert.deepEqual(find('Aaaa', { quantity: 2 }), [1, 2]);
    assert.deepEqual(find('AAaa', { quantity: 2 }), [2, 3]);
    assert.deepEqual(find('AAa', { quantity: 2 }), [1, 2], 'one of them is enough');
    assert.deepEqual(find('AAaa', { quantity: 4 }), [0, 1, 2, 3]);
    assert.deepEqual(find('AAaa', { quantity: 2, accessible: false }), [2, 3]);
    assert.deepEqual(find('a.AA', { quantity: 2 }), [0, 2], 'one rather than two');
    assert.deepEqual(find('a.AA', { quantity: 2, together: true }), [2, 3]);
    assert.deepEqual(find('AA.a.Aa', { quantity: 4 }), [1, 3, 5, 6], 'the nearest');
    assert.deepEqual(find('aA...A...a', { quantity: 3 }), [0, 1, 9], 'near to one of them');
    assert.deepEqual(find('A.a.A', { quantity: 2 }), [0, 2], 'the lower of two as near');
    assert.deepEqual(find('A.AA', { quantity: 2 }), [2, 3], 'neighbours among themselves');
    assert.equal(find('a.A', { quantity: 3 }), 'sold_out');
    assert.deepEqual(find('aAa', { quantity: 3, together: true }), [0, 1, 2]);
  });
});

describe('one picker for many wishes', () => {
  test('gives no seat that was taken since it looked', () => {
    const plan = hall('aaaaa aa');
    const picker = new BestPicker(plan);
    const next = (quantity: number, together = true) => {
      const pick = picker.find({ quantity, together });
      if (!('seats' in pick)) return pick.refused;
      pick.seats.forEach(plan.take);
      return pick.seats;
    };
    assert.deepEqual(
      [next(2), next(2), next(2)],
      [
        [5, 6],
        [0, 1],
        [2, 3],
      ],
    );
    assert.equal(next(2), 'sold_out');
    assert.deepEqual(next(1), [4]);
    assert.equal(next(1), 'sold_out');
  });

  test('keeps different wishes apart', () => {
    const plan = hall('aaAbb');
    const picker = new BestPicker(plan);
    const seats = (wish: Wish) => {
      const pick = picker.find(wish);
      return 'seats' in pick ? pick.seats : pick.refused;
    };
    assert.deepEqual(seats({ quantity: 1, categories: [1] }), [3]);
    assert.deepEqual(seats({ quantity: 1, categories: [0] }), [0]);
    assert.deepEqual(seats({ quantity: 1, maxPrice: 1000 }), [3]);
    assert.deepEqual(seats({ quantity: 1, accessible: true }), [2]);
    assert.deepEqual(seats({ quantity: 2 }), [0, 1]);
    plan.take(0);
    assert.deepEqual(seats({ quantity: 1, categories: [0] }), [1]);
    plan.take(1);
    assert.deepEqual(seats({ quantity: 1, categories: [0] }), [2]);
  });

  test('finds what a new one would find, whatever was taken in between', () => {
    const cell = fc.constantFrom('a', 'a', 'a', 'b', 'A', '.', ' ');
    const wish = fc.record({
      quantity: fc.integer({ min: 1, max: 4 }),
      together: fc.boolean(),
      accessible: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 24 }), fc.array(wish, { maxLength: 8 }), (cells, wishes) => {
        const plan = hall(cells.join(''));
        const picker = new BestPicker(plan);
        const adjacent = ([first, ...rest]: number[]) =>
          rest.every((n, i) => n === first! + i + 1 && plan.run[n] === plan.run[first!]);
        for (const one of wishes) {
          const pick = picker.find(one);
          const other = new BestPicker(plan).find(one);
          assert.equal('seats' in pick, 'seats' in other);
          if (!('seats' in pick && 'seats' in other)) continue;
          assert.deepEqual([pick.seats.length, new Set(pick.seats).size], [one.quantity, one.quantity]);
          assert.ok(pick.seats.every((n, i) => plan.isOpen(n) && (i === 0 || pick.seats[i - 1]! < n)));
          assert.equal(adjacent(pick.seats), adjacent(other.seats));
          if (one.accessible) assert.ok(pick.seats.every((n) => plan.accessible[n] === 1));
          pick.seats.forEach(plan.take);
        }
      }),
    );
  });
});
