import type { EventRecord } from '../../events/events.service.js';
import { formatPlace, seatParts } from '../../platform/common/places.js';
import { unprintable } from '../../platform/common/print-fonts.js';
import type { Layout } from '../../venues/plans.service.js';
import type { Venue } from '../../venues/venues.schemas.js';
import type { PublishWarning } from './publishing.schemas.js';

/** Texts of this event's tickets that are known before the sale and cannot be printed. */
export async function printWarnings(
  { title }: EventRecord,
  { name, address, city }: Venue,
  layout: Layout,
): Promise<PublishWarning[]> {
  const printed = {
    title: [title],
    venue: [name, address, city],
    seats: layout.seats.map(({ section, row, number }) =>
      formatPlace(seatParts(layout, section, row, number), 'en'),
    ),
    areas: layout.areas.map((area) => area.name),
  };
  const warnings: PublishWarning[] = [];
  for (const [where, texts] of Object.entries(printed) as [keyof typeof printed, string[]][]) {
    const characters = await unprintable(texts);
    if (characters.length > 0)
      warnings.push({
        code: 'characters_not_printed',
        where,
        characters,
        detail: `These characters cannot be printed on tickets: ${characters.join(' ')}`,
      });
  }
  return warnings;
}
