import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ChangeEvent, useEffect, useRef, useState } from 'react';
import { zoneName } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { ButtonLink } from '../../ui/button.js';
import { Field, Select } from '../../ui/field.js';
import { plansQuery, venuesQuery } from '../queries.js';
import { useRights } from '../rights.js';
import type { PartProps } from './event-form.js';
import { FORM_PARTS } from './parts.js';
import { timesFor } from './usual-times.js';

interface Props extends PartProps {
  /** Zone of the venue; undefined as long as none is chosen. */
  zone: string | undefined;
  setZone: (venueId: string, zone: string | undefined) => void;
  isNew: boolean;
}

/** Venue and plan, and the times at the place. */
export function WhenPart({ field, locked, zone, setZone, isNew }: Props) {
  const { t } = useTranslation();
  return (
    <section className="card stack" id={FORM_PARTS.when}>
      <h2>{t('desk.part.when')}</h2>
      <Where field={field} locked={locked} setZone={setZone} />
      <p className="small soft">{zone ? t('desk.zone', { zone: zoneName(zone) }) : t('desk.zoneLater')}</p>
      <Times field={field} locked={locked} isNew={isNew} />
    </section>
  );
}

function Where({ field, locked, setZone }: Omit<Props, 'zone' | 'isNew'>) {
  const { t } = useTranslation();
  const { may } = useRights();
  const venues = useInfiniteQuery(venuesQuery);
  const { hasNextPage, fetchNextPage } = venues;
  useEffect(() => {
    if (hasNextPage) void fetchNextPage();
  }, [hasNextPage, fetchNextPage]);
  const all = venues.data?.pages.flatMap(({ data }) => data) ?? [];
  const { defaultValue: given, ...named } = field('venueId');
  const [chosen, setChosen] = useState(given);
  // Who has one venue need not choose it.
  const venueId = chosen || (all.length === 1 && !hasNextPage ? all[0]!.id : '');
  const venue = all.find(({ id }) => id === venueId);
  const plans = useQuery(plansQuery(venueId));
  useEffect(() => setZone(venueId, venue?.timezone), [setZone, venueId, venue?.timezone]);
  return (
    <>
      <div className="columns">
        <Select
          label={t('desk.venue')}
          {...named}
          value={venueId}
          disabled={locked}
          onChange={({ target }) => setChosen(target.value)}
          required
        >
          <option value="">{t('desk.pickVenue')}</option>
          {all.map(({ id, name, city }) => (
            <option key={id} value={id}>
              {name}, {city}
            </option>
          ))}
        </Select>
        <Select
          key={`${venueId} ${plans.data?.total}`}
          label={t('desk.plan')}
          hint={plans.data?.total === 0 ? t('desk.noPlan') : undefined}
          {...field('planId')}
          disabled={locked || venueId === ''}
          required
        >
          {plans.data?.data.map(({ id, name, version, placeCount }) => (
            <option key={id} value={id}>
              {t('desk.planOption', { name, version, count: placeCount })}
            </option>
          ))}
        </Select>
      </div>
      {may('events') && (
        <div>
          <ButtonLink to={venueId ? `/desk/venues/${venueId}` : '/desk/venues/new'}>
            {venueId ? t('desk.toPlans') : t('desk.newVenue')}
          </ButtonLink>
        </div>
      )}
    </>
  );
}

/** Another start moves end and doors along, which can then be changed. */
function Times({ field, isNew }: Omit<Props, 'zone' | 'setZone'>) {
  const { t } = useTranslation();
  const start = useRef(field('startsAt').defaultValue ?? '');
  const follow = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const { endsAt, doorsAt } = target.form!.elements as unknown as Record<string, HTMLInputElement>;
    const times = timesFor(
      target.value,
      start.current,
      { endsAt: endsAt!.value, doorsAt: doorsAt!.value },
      isNew,
    );
    endsAt!.value = times.endsAt;
    doorsAt!.value = times.doorsAt;
    if (target.value) start.current = target.value;
  };
  return (
    <div className="columns">
      <Field
        label={t('desk.starts')}
        {...field('startsAt')}
        type="datetime-local"
        onChange={follow}
        required
      />
      <Field label={t('desk.ends')} {...field('endsAt')} type="datetime-local" required />
      <Field label={t('desk.doors')} hint={t('desk.unsaid')} {...field('doorsAt')} type="datetime-local" />
    </div>
  );
}
