import { useQuery } from '@tanstack/react-query';
import { language, useTranslation } from '../i18n/index.js';
import { citiesQuery } from './queries.js';

/** Cities with events to come, by alphabet. Where all events are in one city there is nothing to choose. */
export function CityChoice({
  chosen = '',
  choose,
}: {
  chosen?: string | undefined;
  choose: (city: string) => void;
}) {
  const { t } = useTranslation();
  const { data } = useQuery(citiesQuery);
  const cities = (data?.data ?? []).toSorted((a, b) => a.city.localeCompare(b.city, language()));
  // A shared address may name a city where nothing is on sale any more, or spell it otherwise.
  const isListed = cities.some(({ city }) => city === chosen);
  if (cities.length < 2 && !chosen) return null;
  return (
    <select
      className="chip"
      aria-label={t('browse.city')}
      value={chosen}
      onChange={({ target }) => choose(target.value)}
    >
      <option value="">{t('browse.allCities')}</option>
      {chosen && !isListed && <option value={chosen}>{chosen}</option>}
      {cities.map(({ city, events }) => (
        <option key={city} value={city}>
          {city} ({events})
        </option>
      ))}
    </select>
  );
}
