import type { SeatMap } from '@evently/client';
import { useState } from 'react';
import type { Wish } from '../../../src/inventory/holds/best-available.rules.js';
import type { Schemas } from '../api.js';
import { money } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { isLimited, isWithin, type Limits } from '../map/seat-filter.js';
import { useChanges } from '../map/use-seat-map.js';
import { seatName } from '../place.js';
import { Button } from '../ui/button.js';
import { Check, Field, Select } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import { propose } from './proposal.js';

interface Props {
  event: Schemas['Event'];
  map: SeatMap;
  /** Prices that the buyer has set for the map. */
  limits: Limits;
  /** Seats that are offered now; none: nothing is. */
  proposed: readonly number[];
  show: (seats: readonly number[]) => void;
  take: (seats: readonly number[]) => void;
  busy: boolean;
}

/** Finds the best seats for a group, shows them on the map, and takes them when they please. */
export function Best(props: Props) {
  const { t } = useTranslation();
  const { event, map, limits, proposed, show } = props;
  const { categories, accessible } = map.geometry;
  const affordable = categories.flatMap(({ name }, index) => {
    const price = map.priceOfCategory(name);
    return price !== undefined && isWithin(price, limits) ? [{ name, index, price }] : [];
  });
  const [wish, setWish] = useState<Wish>();
  const [refused, setRefused] = useState<ReadonlySet<number>>(new Set());
  const [nothing, setNothing] = useState<'sold_out' | 'no_adjacent_seats'>();

  const find = (wanted: Wish, without: ReadonlySet<number>) => {
    const pick = propose(map, wanted, without);
    setWish(wanted);
    setRefused(without);
    setNothing('refused' in pick ? pick.refused : undefined);
    show('seats' in pick ? pick.seats : []);
  };
  const submit = (data: FormData) => {
    const category = textOf(data, 'category');
    find(
      {
        quantity: Number(textOf(data, 'quantity')),
        categories: affordable.filter(({ name }) => !category || name === category).map(({ index }) => index),
        together: data.has('together'),
        accessible: data.has('accessible'),
      },
      new Set(),
    );
  };
  return (
    <details className="card best">
      <summary>
        <h3>{t('choose.best')}</h3>
        <span className="small soft">{t('choose.bestText')}</span>
      </summary>
      <Form submit={submit} className="stack">
        <Field
          label={t('choose.howMany')}
          name="quantity"
          type="number"
          inputMode="numeric"
          min={1}
          max={event.maxSeatsPerBooking}
          defaultValue={Math.min(2, event.maxSeatsPerBooking)}
          required
        />
        <Select
          label={t('choose.category')}
          name="category"
          defaultValue=""
          hint={isLimited(limits) ? t('choose.withinLimits') : undefined}
        >
          <option value="">{t('choose.anyCategory')}</option>
          {affordable.map(({ name, price }) => (
            <option key={name} value={name}>
              {name} · {money(price, event.currency)}
            </option>
          ))}
        </Select>
        <Check label={t('choose.together')} name="together" defaultChecked />
        {accessible.length > 0 && <Check label={t('choose.needAccessible')} name="accessible" />}
        <Button type="submit" wide>
          {t('choose.find')}
        </Button>
      </Form>
      <div role="status">
        {nothing && (
          <p className="notice warm">{t(refused.size > 0 ? 'choose.noFurther' : `choose.none.${nothing}`)}</p>
        )}
        {wish && proposed.length > 0 && (
          <Proposal {...props} others={() => find(wish, new Set([...refused, ...proposed]))} />
        )}
      </div>
    </details>
  );
}

function Proposal({ event, map, proposed, show, take, busy, others }: Props & { others: () => void }) {
  const { t } = useTranslation();
  useChanges(map, (seats) => seats === 'all' || proposed.some((n) => seats.includes(n)));
  const gone = proposed.some((n) => !map.isFree(n));
  const total = proposed.reduce((sum, n) => sum + (map.priceOf(n) ?? 0), 0);
  const isRow = proposed.every((n, i) => i === 0 || n === proposed[i - 1]! + 1);
  return (
    <div className="stack tight proposal">
      <ul className="lines">
        {proposed.map((n) => (
          <li key={n} className="row spread">
            <span>{seatName(map.geometry, n)}</span>
            <span className="numbers">{money(map.priceOf(n) ?? 0, event.currency)}</span>
          </li>
        ))}
      </ul>
      <p className="small soft">
        {proposed.length > 1 && t(isRow ? 'choose.why.together' : 'choose.why.apart')}{' '}
        <strong className="numbers">{money(total, event.currency)}</strong>
      </p>
      {gone && <p className="notice warm">{t('choose.proposalGone')}</p>}
      <div className="row">
        <Button look="main" busy={busy} disabled={gone} onClick={() => take(proposed)}>
          {t('choose.take')}
        </Button>
        <Button onClick={others}>{t('choose.others')}</Button>
        <Button look="quiet" onClick={() => show([])}>
          {t('app.cancel')}
        </Button>
      </div>
    </div>
  );
}
