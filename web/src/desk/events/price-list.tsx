import type { Geometry } from '@evently/client';
import { useQueryClient } from '@tanstack/react-query';
import { smallestStep } from '../../../../src/platform/common/currencies.js';
import { api, isProblem, ok } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { ColorDot } from '../../map/legend.js';
import { eventQuery } from '../../shop/queries.js';
import { Button } from '../../ui/button.js';
import { faultsOf } from '../../ui/errors.js';
import { Field } from '../../ui/field.js';
import { Form } from '../../ui/form.js';
import { Fault } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import type { Event } from './event-frame.js';
import { faultOf, type PriceRow, tiersOf } from './price-rows.js';

/** Prices of the categories and areas. */
export function PriceList({
  event,
  geometry,
  rows,
  change,
}: {
  event: Event;
  geometry: Geometry;
  rows: PriceRow[];
  change: (rows: PriceRow[]) => void;
}) {
  const { t } = useTranslation();
  const { id, version, currency, status } = event;
  const queries = useQueryClient();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const faults = faultsOf(error);
  const fixed = status === 'cancelled' || status === 'completed';
  const save = () =>
    run(async () => {
      const saved = await ok(
        api.PUT('/api/v1/events/{id}/price-tiers', {
          params: { path: { id }, header: { 'If-Match': `"v${version}"` } },
          body: { priceTiers: tiersOf(rows, currency) },
        }),
      );
      queries.setQueryData(eventQuery(id).queryKey, { ...event, ...saved });
      forget('events');
      say(t('app.saved'));
    });
  return (
    <Form submit={save} className="stack">
      <ul className="stack">
        {rows.map((row) => (
          <li key={`${row.kind} ${row.of}`} className="price-row">
            <Field
              label={
                <>
                  <Dot row={row} geometry={geometry} /> {row.of}{' '}
                  <span className="soft numbers">{countOf(row, geometry)}</span>
                </>
              }
              fault={faultOf(row, rows, faults)}
              type="number"
              min={0}
              step={smallestStep(currency)}
              placeholder={t('map.unpriced')}
              value={row.price}
              disabled={fixed}
              onChange={({ target }) =>
                change(rows.map((other) => (other === row ? { ...row, price: target.value } : other)))
              }
            />
            <span className="soft">{currency}</span>
          </li>
        ))}
      </ul>
      <Fault error={error} />
      <div className="row">
        <Button look="main" type="submit" busy={busy} disabled={fixed}>
          {t('desk.savePrices')}
        </Button>
        {isProblem(error, 'version_mismatch') && (
          <Button onClick={() => forget('event')}>{t('desk.readAgain')}</Button>
        )}
      </div>
    </Form>
  );
}

function Dot({ row: { kind, of }, geometry }: { row: PriceRow; geometry: Geometry }) {
  const color = kind === 'category' && geometry.categories.find(({ name }) => name === of)?.color;
  return color ? <ColorDot color={color} /> : null;
}

function countOf({ kind, of }: PriceRow, { areas, categories, seats }: Geometry): number {
  if (kind === 'area') return areas.find(({ name }) => name === of)?.capacity ?? 0;
  const index = categories.findIndex(({ name }) => name === of);
  return seats.category.filter((category) => category === index).length;
}
