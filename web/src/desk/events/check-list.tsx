import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { longDate, longTimes, number } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { venueQuery } from '../../shop/queries.js';
import { RefundPolicy } from '../../shop/refund-policy.js';
import { Load, Skeleton } from '../../ui/states.js';
import { FORM_PARTS, type FormPart } from '../event-form/parts.js';
import { geometryQuery, plansQuery } from '../queries.js';
import { useRights } from '../rights.js';
import type { Event } from './event-frame.js';
import { rowsOf } from './price-rows.js';

const SIGNS = { done: '✓', look: '!', missing: '✕' } as const;
type State = keyof typeof SIGNS;

/** Everything that should be right before a draft goes on sale, with the way to what is not. */
export function CheckList({ event }: { event: Event }) {
  const { t } = useTranslation();
  return (
    <ul className="lines check-list" aria-label={t('desk.check.title')}>
      <PriceCheck event={event} />
      <DateCheck event={event} />
      <SaleCheck event={event} />
      <Item state={event.imageUrl || event.image ? 'done' : 'look'} fix={<Part of="picture" />}>
        {t(event.imageUrl || event.image ? 'desk.check.image' : 'desk.check.noImage')}
      </Item>
      <Item state="done" fix={<Part of="returns" />}>
        <RefundPolicy policy={event.refundPolicy} />
      </Item>
      <CapacityCheck event={event} />
    </ul>
  );
}

function Item({ state, fix, children }: { state: State; fix?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <li className={state}>
      <span className="sign" role="img" aria-label={t(`desk.check.${state}`)}>
        {SIGNS[state]}
      </span>
      <div className="grow">{children}</div>
      {fix}
    </li>
  );
}

/** Link to a part of the form below. */
function Part({ of }: { of: FormPart }) {
  const { t } = useTranslation();
  return <a href={`#${FORM_PARTS[of]}`}>{t('desk.check.change')}</a>;
}

function PriceCheck({ event }: { event: Event }) {
  const { t } = useTranslation();
  const { may } = useRights();
  const geometry = useQuery(geometryQuery(event));
  return (
    <Load of={geometry} waiting={<Skeleton height="2rem" />}>
      {(found) => {
        const rows = rowsOf(found, event);
        const unpriced = rows.filter(({ price }) => price === '').map(({ of }) => of);
        const none = unpriced.length === rows.length;
        return (
          <Item
            state={none ? 'missing' : unpriced.length > 0 ? 'look' : 'done'}
            fix={
              may('prices', event.id) && (
                <Link to={`/desk/events/${event.id}/places`}>{t('desk.setPrices')}</Link>
              )
            }
          >
            {none
              ? t('desk.check.noPrices')
              : unpriced.length > 0
                ? t('desk.check.somePrices', { names: unpriced.join(', ') })
                : t('desk.check.prices')}
          </Item>
        );
      }}
    </Load>
  );
}

function DateCheck({ event }: { event: Event }) {
  const { t } = useTranslation();
  const times = longTimes(event);
  const over = Date.parse(event.endsAt) <= Date.now();
  const begun = Date.parse(event.startsAt) <= Date.now();
  return (
    <Item state={over ? 'missing' : begun ? 'look' : 'done'} fix={<Part of="when" />}>
      {over ? t('desk.check.over', { times }) : begun ? t('desk.check.begun', { times }) : times}
    </Item>
  );
}

function SaleCheck({ event: { saleStartsAt, saleEndsAt, timezone } }: { event: Event }) {
  const { t } = useTranslation();
  const from = saleStartsAt
    ? t('desk.check.saleFrom', { date: longDate(saleStartsAt, timezone) })
    : t('desk.check.saleAtOnce');
  const until = saleEndsAt
    ? t('desk.check.saleUntil', { date: longDate(saleEndsAt, timezone) })
    : t('desk.check.saleUntilEnd');
  const over = saleEndsAt !== null && Date.parse(saleEndsAt) <= Date.now();
  return (
    <Item state={over ? 'look' : 'done'} fix={<Part of="sale" />}>
      {from}, {until}.
    </Item>
  );
}

function CapacityCheck({ event: { venueId, planId } }: { event: Event }) {
  const { t } = useTranslation();
  const { may } = useRights();
  const { data: venue } = useQuery(venueQuery(venueId));
  const { data: plans } = useQuery(plansQuery(venueId));
  const places = plans?.data.find(({ id }) => id === planId)?.placeCount;
  if (!venue || places === undefined) return null;
  return (
    <Item
      state={places > venue.capacity ? 'missing' : 'done'}
      fix={may('events') && <Link to={`/desk/venues/${venueId}`}>{t('desk.check.toVenue')}</Link>}
    >
      {t('desk.check.capacity', { places: number(places), capacity: number(venue.capacity) })}
    </Item>
  );
}
