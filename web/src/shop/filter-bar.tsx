import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { useTranslation } from '../i18n/index.js';
import { Check, Field, Select } from '../ui/field.js';
import { categoriesQuery, filtersOf, SORTS } from './queries.js';

/** Categories at hand, the rest folded away. The address of the page keeps all of it. */
export function FilterBar() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const { data } = useQuery(categoriesQuery);
  const filters = filtersOf(search);
  const set = (key: string, value: string) =>
    setSearch((now) => {
      now.delete(key);
      if (value) now.set(key, value);
      return now;
    });
  const { q, category, ...others } = filters;
  return (
    <div className="stack">
      <fieldset className="chips">
        <legend className="spoken">{t('browse.categories')}</legend>
        <button type="button" className="chip" aria-pressed={!category} onClick={() => set('category', '')}>
          {t('browse.all')}
        </button>
        {data?.data.map(({ category: name, events }) => (
          <button
            key={name}
            type="button"
            className="chip"
            aria-pressed={category === name}
            onClick={() => set('category', category === name ? '' : name)}
          >
            {name}
            <span className="numbers">{events}</span>
          </button>
        ))}
      </fieldset>
      <details className="filters" open={Object.keys(others).length > 0 || undefined}>
        <summary>{t('browse.filters')}</summary>
        <div>
          <Field
            label={t('browse.city')}
            defaultValue={filters.city ?? ''}
            onBlur={({ target }) => set('city', target.value.trim())}
            onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.blur()}
          />
          <Field
            label={t('browse.from')}
            type="date"
            value={filters.from ?? ''}
            onChange={({ target }) => set('from', target.value)}
          />
          <Field
            label={t('browse.to')}
            type="date"
            value={filters.to ?? ''}
            onChange={({ target }) => set('to', target.value)}
          />
          <Select
            label={t('browse.sort')}
            value={filters.sort ?? (q ? 'relevance' : 'startsAt')}
            onChange={({ target }) => set('sort', target.value)}
          >
            {SORTS.filter((sort) => sort !== 'relevance' || q).map((sort) => (
              <option key={sort} value={sort}>
                {t(`browse.sorts.${sort}`)}
              </option>
            ))}
          </Select>
          <Check
            label={t('browse.available')}
            checked={filters.available === 'true'}
            onChange={({ target }) => set('available', target.checked ? 'true' : '')}
          />
        </div>
      </details>
    </div>
  );
}
