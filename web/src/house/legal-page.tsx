import { useQuery } from '@tanstack/react-query';
import { useLocation, useParams } from 'react-router';
import { api, isProblem, ok } from '../api.js';
import type { Language } from '../i18n/index.js';
import { useTranslation } from '../i18n/index.js';
import { Missing } from '../ui/broken.js';
import { Load, Skeleton } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { inLanguage, LEGAL_PAGES, useSeller } from './house.js';

const textsQuery = (id: string | undefined) => ({
  queryKey: ['house', 'texts', id],
  queryFn: () =>
    id === undefined
      ? ok(api.GET('/api/v1/house/texts'))
      : ok(api.GET('/api/v1/organisations/{id}/house/texts', { params: { path: { id } } })),
  staleTime: 60_000,
});

const OTHER: Record<Language, Language> = { en: 'de', de: 'en' };

/** Imprint, privacy notice or terms, by the address: of the house, or of an organisation. */
export function LegalPage() {
  const { t, language } = useTranslation();
  const { pathname } = useLocation();
  const { id } = useParams();
  const page = LEGAL_PAGES.find((name) => pathname.endsWith(`/${name}`))!;
  const texts = useQuery(textsQuery(id));
  useSeller(id);
  const missing =
    isProblem(texts.error, 'not_found', 'invalid_parameter') ||
    (texts.data !== undefined && inLanguage(texts.data[page], language) === null);
  useTitle(missing ? undefined : t(`app.legal.${page}`));
  if (missing) return <Missing />;
  return (
    <div className="page narrow stack">
      <h1>{t(`app.legal.${page}`)}</h1>
      <Load of={texts} waiting={<Skeleton height="12rem" />}>
        {({ [page]: text }) => (
          <p className="prose" lang={text[language] === null ? OTHER[language] : language}>
            {inLanguage(text, language)}
          </p>
        )}
      </Load>
    </div>
  );
}
