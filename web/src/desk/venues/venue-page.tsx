import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import { api, isProblem, ok, type Schemas } from '../../api.js';
import { moment } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { venueQuery } from '../../shop/queries.js';
import { Missing } from '../../ui/broken.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { Load, Skeleton } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useTitle } from '../../ui/use-title.js';
import { useWork } from '../../ui/use-work.js';
import { changesOf } from '../changes.js';
import { plansQuery } from '../queries.js';
import { PlanUpload } from './plan-upload.js';
import { VenueForm } from './venue-form.js';

type Venue = Schemas['Venue'];

export function NewVenuePage() {
  const { t } = useTranslation();
  const go = useNavigate();
  const forget = useForget();
  const { busy, error, run } = useWork();
  useTitle(t('desk.newVenue'));
  const create = (body: Schemas['NewVenue']) =>
    run(async () => {
      const { id } = await ok(api.POST('/api/v1/venues', { body }));
      forget('venues');
      await go(`/desk/venues/${id}`);
    });
  return (
    <div className="page narrow stack loose">
      <h1>{t('desk.newVenue')}</h1>
      <VenueForm busy={busy} error={error} submit={create} />
    </div>
  );
}

/** A venue with its seating plans. */
export function VenuePage() {
  const { t } = useTranslation();
  const { id } = useParams() as { id: string };
  const venue = useQuery(venueQuery(id));
  useTitle(venue.data?.name);
  if (isProblem(venue.error, 'not_found', 'invalid_parameter')) return <Missing />;
  return (
    <div className="page stack far">
      <Load of={venue} waiting={<Skeleton height="30rem" />}>
        {(found) => (
          <>
            <div className="row spread">
              <h1>{found.name}</h1>
              <ButtonLink to={`/desk/events/new?venue=${id}`}>{t('desk.newEvent')}</ButtonLink>
            </div>
            <Plans venue={found} />
            <Details key={found.version} venue={found} />
          </>
        )}
      </Load>
    </div>
  );
}

function Plans({ venue: { id } }: { venue: Venue }) {
  const { t } = useTranslation();
  const plans = useQuery(plansQuery(id));
  return (
    <section className="stack" aria-labelledby="plans">
      <h2 id="plans">{t('desk.plans')}</h2>
      <Load of={plans} waiting={<Skeleton height="3.5rem" count={2} />}>
        {({ data }) =>
          data.length > 0 && (
            <ul className="desk-list">
              {data.map(({ id: plan, name, version, seatCount, placeCount, createdAt }) => (
                <li key={plan}>
                  <strong>{t('desk.planVersion', { name, version })}</strong>
                  <span className="small soft numbers">
                    {t('desk.planSeats', { count: seatCount })} ·{' '}
                    {t('desk.planPlaces', { count: placeCount - seatCount })} · {moment(createdAt)}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Load>
      <PlanUpload venueId={id} />
    </section>
  );
}

function Details({ venue }: { venue: Venue }) {
  const { t } = useTranslation();
  const { id, version } = venue;
  const queries = useQueryClient();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const save = (sent: Schemas['NewVenue']) =>
    run(async () => {
      // The name in any case: an edit has to say something.
      const body = { name: sent.name, ...changesOf(venue, sent) };
      const params = { path: { id }, header: { 'If-Match': `"v${version}"` } };
      queries.setQueryData(
        venueQuery(id).queryKey,
        await ok(api.PATCH('/api/v1/venues/{id}', { params, body })),
      );
      forget('venues');
      say(t('app.saved'));
    });
  return (
    <section className="stack narrow" aria-labelledby="details">
      <h2 id="details">{t('desk.details')}</h2>
      <VenueForm venue={venue} busy={busy} error={error} submit={save} />
      {isProblem(error, 'version_mismatch') && (
        <div>
          <Button onClick={() => forget('venue')}>{t('desk.readAgain')}</Button>
        </div>
      )}
    </section>
  );
}
