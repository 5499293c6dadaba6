import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { categoryKey } from '../../../src/platform/common/event-categories.js';
import { categoryName, ownZone } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { Check, Field, Select } from '../ui/field.js';
import { CityChoice } from './city-choice.js';
import { categoriesQuery, type Filters, filtersOf, SORTS } from './queries.js';
import { daysOf, SPANS } from './spans.js';

type Change = (values: Filters) => void;

/** Categories, times and cities at hand, the rest folded away. The address of the page keeps all of it. */
export function FilterBar() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const filters = filtersOf(search);
  const change: Change = (values) =>
    setSearch((now) => {
      for (const [key, value] of Object.entries(values)) {
        now.delete(key);
        if (value) now.set(key, value);
      }
      return now;
    });
  const { from, to } = filters;
  const now = new Date();
  const spans = SPANS.map((span) => ({ span, days: daysOf(span, now) }));
  // On the last days of a month or a week two spans may be the same days.
  const chosen = spans.find(({ days }) => days.from === from && days.to === to);
  const dated = from ?? to;
  return (
    <div className="stack">
      <Categories chosen={filters.category} change={change} />
      <div className="chips line">
        <CityChoice chosen={filters.city} choose={(city) => change({ city })} />
        <fieldset className="chips">
          <legend className="spoken">{t('browse.when')}</legend>
          {spans.map(({ span, days }) => (
            <button
              key={span}
              type="button"
              className="chip"
              aria-pressed={chosen?.span === span}
              onClick={() => change(chosen?.span === span ? { from: '', to: '' } : days)}
            >
              {t(`browse.spans.${span}`)}
            </button>
          ))}
        </fieldset>
      </div>
      {dated && <p className="small soft">{t('browse.zone', { zone: ownZone() })}</p>}
      <details
        className="filters"
        open={Boolean(filters.available || filters.sort || (dated && !chosen)) || undefined}
      >
        <summary>{t('browse.filters')}</summary>
        <More filters={filters} change={change} />
      </details>
    </div>
  );
}

function Categories({ chosen, change }: { chosen: string | undefined; change: Change }) {
  const { t } = useTranslation();
  const { data } = useQuery(categoriesQuery);
  const key = chosen && categoryKey(chosen);
  return (
    <fieldset className="chips line">
      <legend className="spoken">{t('browse.categories')}</legend>
      <button type="button" className="chip" aria-pressed={!chosen} onClick={() => change({ category: '' })}>
        {t('browse.all')}
      </button>
      {data?.data.map(({ category, events }) => {
        const pressed = key === categoryKey(category);
        return (
          <button
            key={category}
            type="button"
            className="chip"
            aria-pressed={pressed}
            onClick={() => change({ category: pressed ? '' : category })}
          >
            {categoryName(category)}
            <span className="numbers">{events}</span>
          </button>
        );
      })}
    </fieldset>
  );
}

function More({ filters: { q, from, to, sort, available }, change }: { filters: Filters; change: Change }) {
  const { t } = useTranslation();
  return (
    <div>
      <Field
        label={t('browse.from')}
        type="date"
        value={from ?? ''}
        onChange={({ target }) => change({ from: target.value })}
      />
      <Field
        label={t('browse.to')}
        type="date"
        value={to ?? ''}
        onChange={({ target }) => change({ to: target.value })}
      />
      <Select
        label={t('browse.sort')}
        value={sort ?? (q ? 'relevance' : 'startsAt')}
        onChange={({ target }) => change({ sort: target.value as (typeof SORTS)[number] })}
      >
        {SORTS.filter((by) => by !== 'relevance' || q).map((by) => (
          <option key={by} value={by}>
            {t(`browse.sorts.${by}`)}
          </option>
        ))}
      </Select>
      <Check
        label={t('browse.available')}
        checked={available === 'true'}
        onChange={({ target }) => change({ available: target.checked ? 'true' : undefined })}
      />
    </div>
  );
}
