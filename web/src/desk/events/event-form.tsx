import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { CURRENCIES } from '../../../../src/platform/common/currencies.js';
import { categoryNames } from '../../../../src/platform/common/event-categories.js';
import { language, useTranslation } from '../../i18n/index.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { faultsOf } from '../../ui/errors.js';
import { Field, Select, TextArea } from '../../ui/field.js';
import { Form, textOf } from '../../ui/form.js';
import { Fault } from '../../ui/states.js';
import { plansQuery, venuesQuery } from '../queries.js';
import type { Values } from './event-values.js';
import { RefundFields } from './refund-fields.js';

interface Props {
  values: Values;
  /** In which times are shown; undefined: that of the venue that is chosen. */
  zone?: string;
  /** After publishing some things cannot change. */
  locked?: boolean;
  busy: boolean;
  error: unknown;
  submit: (values: Values, zone: string) => unknown;
  children?: ReactNode;
}

/** Ids of the parts of the form that other pages lead to. */
export const FORM_PARTS = { what: 'form-what', when: 'form-when', returns: 'form-returns' } as const;

/** Id of the list of categories that buyers see in their language. */
const SUGGESTED = 'categories';

/** All that there is to say about an event but its prices. */
export function EventForm({ values, zone, locked = false, busy, error, submit, children }: Props) {
  const { t } = useTranslation();
  const venues = useInfiniteQuery(venuesQuery);
  const [venueId, setVenueId] = useState(values.venueId ?? '');
  const [currency, setCurrency] = useState(values.currency ?? 'EUR');
  const plans = useQuery(plansQuery(venueId));
  const all = venues.data?.pages.flatMap(({ data }) => data) ?? [];
  const { hasNextPage, fetchNextPage } = venues;
  useEffect(() => {
    if (hasNextPage) void fetchNextPage();
  }, [hasNextPage, fetchNextPage]);
  const venue = all.find(({ id }) => id === venueId);
  const shown = venueId === values.venueId && zone ? zone : (venue?.timezone ?? zone ?? 'UTC');
  const faults = faultsOf(error);
  const names = new Intl.DisplayNames(language(), { type: 'currency' });
  const field = (name: string) => ({ name, defaultValue: values[name], fault: faults[name] });

  const send = (data: FormData) => {
    const sent = Object.fromEntries([...data.keys()].map((name) => [name, textOf(data, name)]));
    // Locked fields are not in the form's data.
    return submit({ ...values, refundFees: '', ...sent }, shown);
  };
  return (
    <Form submit={send} className="stack far">
      <section className="stack" id={FORM_PARTS.what}>
        <h2>{t('desk.what')}</h2>
        <Field label={t('desk.title')} {...field('title')} maxLength={200} required />
        <Field
          label={t('desk.category')}
          hint={t('desk.categoryHint')}
          {...field('category')}
          maxLength={60}
          list={SUGGESTED}
          required
        />
        <datalist id={SUGGESTED}>
          {categoryNames(language()).map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <TextArea label={t('desk.description')} {...field('description')} rows={5} maxLength={10_000} />
        <Field label={t('desk.image')} hint={t('desk.imageHint')} {...field('imageUrl')} type="url" />
      </section>
      <section className="stack">
        <h2>{t('desk.where')}</h2>
        <div className="columns">
          <Select
            label={t('desk.venue')}
            name="venueId"
            fault={faults.venueId}
            value={venueId}
            disabled={locked}
            onChange={({ target }) => setVenueId(target.value)}
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
        <div>
          <ButtonLink to={venueId ? `/desk/venues/${venueId}` : '/desk/venues/new'}>
            {venueId ? t('desk.toPlans') : t('desk.newVenue')}
          </ButtonLink>
        </div>
      </section>
      <section className="stack" id={FORM_PARTS.when}>
        <h2>{t('desk.when')}</h2>
        <p className="small soft">{t('desk.zone', { zone: shown })}</p>
        <div className="columns">
          <Field label={t('desk.starts')} {...field('startsAt')} type="datetime-local" required />
          <Field label={t('desk.ends')} {...field('endsAt')} type="datetime-local" required />
          <Field
            label={t('desk.saleStarts')}
            hint={t('desk.saleStartsHint')}
            {...field('saleStartsAt')}
            type="datetime-local"
          />
          <Field
            label={t('desk.saleEnds')}
            hint={t('desk.saleEndsHint')}
            {...field('saleEndsAt')}
            type="datetime-local"
          />
        </div>
      </section>
      <section className="stack">
        <h2>{t('desk.rules')}</h2>
        <div className="columns">
          <Select
            label={t('desk.currency')}
            name="currency"
            fault={faults.currency}
            value={currency}
            disabled={locked}
            onChange={({ target }) => setCurrency(target.value)}
          >
            {[...new Set([currency, ...CURRENCIES])].map((code) => (
              <option key={code} value={code}>
                {code} · {names.of(code)}
              </option>
            ))}
          </Select>
          <Field
            label={t('desk.holdMinutes')}
            {...field('holdMinutes')}
            fault={faults.holdSeconds}
            type="number"
            min={0.5}
            max={120}
            step={0.5}
            required
          />
          <Field
            label={t('desk.perBooking')}
            {...field('maxSeatsPerBooking')}
            type="number"
            min={1}
            max={1000}
            required
          />
          <Field
            label={t('desk.perBuyer')}
            hint={t('desk.noLimit')}
            {...field('maxSeatsPerBuyer')}
            type="number"
            min={1}
            max={100_000}
          />
        </div>
      </section>
      <div id={FORM_PARTS.returns}>
        <RefundFields values={values} faults={faults} currency={currency} />
      </div>
      <Fault error={error} />
      <div className="row">
        <Button look="main" type="submit" busy={busy}>
          {t('app.save')}
        </Button>
        {children}
      </div>
    </Form>
  );
}
