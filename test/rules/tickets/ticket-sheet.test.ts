import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import { FULL_UNTIL_START } from '../../../src/events/refund-policy.schemas.js';
import { arena } from '../../../src/operations/demo/arena.js';
import { theatre } from '../../../src/operations/demo/theatre.js';
import { giveBackText } from '../../../src/tickets/documents/give-back.rules.js';
import { hallOf } from '../../../src/tickets/documents/hall.rules.js';
import { buildLayout } from '../../../src/venues/layout.rules.js';
import { outlineOf } from '../../../src/venues/outline.rules.js';

describe('the lower half of a ticket', () => {
  const said = (policy: Partial<typeof FULL_UNTIL_START>, locale: 'en' | 'de' = 'en') =>
    giveBackText(
      {
        startsAt: new Date('2027-06-04T16:00:00Z'),
        timezone: 'Europe/Berlin',
        refundPolicy: { ...FULL_UNTIL_START, ...policy },
      },
      locale,
    );

  test('says until when a ticket brings back how much', () => {
    assert.equal(said({}), 'The whole price until Friday, 4 June 2027 at 18:00 CEST.');
    assert.equal(
      said({ fullUntilHours: 48, partialUntilHours: 24, partialPercent: 50 }),
      'The whole price until Wednesday, 2 June 2027 at 18:00 CEST. 50 % of it until Thursday, 3 June 2027 at 18:00 CEST.',
    );
    assert.equal(
      said({ fullUntilHours: null, partialUntilHours: 24, partialPercent: 50 }, 'de'),
      'Zu 50 % bis Donnerstag, 3. Juni 2027 um 18:00 MESZ.',
    );
    const never = 'Tickets of this event cannot be given back.';
    assert.equal(said({ fullUntilHours: null }), never);
    assert.equal(said({ fullUntilHours: null, partialUntilHours: 5, partialPercent: 0 }), never);
  });

  const hallFrom = ({ plan }: { plan: object }) => {
    const layout = buildLayout(plan as never, [], []);
    return { layout, hall: hallOf(outlineOf(layout)!, layout) };
  };

  test('shows the stage with its name, within the drawing', () => {
    const { hall } = hallFrom(theatre());
    assert.deepEqual(
      hall.captions.map(({ text }) => text),
      ['Bühne'],
    );
    for (const { x, y } of [...hall.captions, ...hall.shapes.flat()]) {
      assert.ok(x >= hall.left && x <= hall.left + hall.width);
      assert.ok(y >= hall.top && y <= hall.top + hall.height);
    }
  });

  test('names no section of a large hall, whose names would run together', () => {
    const { layout, hall } = hallFrom(arena());
    assert.ok(hall.captions.length > 0 && hall.captions.length < 10);
    for (const { text } of hall.captions) assert.ok(!layout.sections.includes(text), text);
    const used = new Set(layout.seats.map(({ section }) => section));
    assert.equal(hall.sections.length, used.size);
  });
});
