import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ok, type Schemas } from '../api.js';
import type { en } from '../i18n/en.js';
import { useTranslation } from '../i18n/index.js';
import { Fault, Load, Skeleton } from '../ui/states.js';
import { useToast } from '../ui/toasts.js';
import { useTitle } from '../ui/use-title.js';
import { useWork } from '../ui/use-work.js';

type Preference = Schemas['NotificationPreferences']['data'][number];

/** Dots separate the levels of the texts. */
const keyOf = (kind: Preference['kind']) => kind.replace('.', '_') as keyof typeof en.news.kinds;

const preferencesQuery = {
  queryKey: ['preferences'],
  queryFn: () => ok(api.GET('/api/v1/notifications/preferences')),
};

/** A person's choice of notifications and of the way they come. Each switch is saved at once. */
export function PreferencesPage() {
  const { t } = useTranslation();
  const say = useToast();
  const queries = useQueryClient();
  const preferences = useQuery(preferencesQuery);
  const { busy, error, run } = useWork();
  useTitle(t('news.preferences'));
  const change = (data: Preference[], changed: Preference) =>
    run(async () => {
      const next = data.map((entry) => (entry.kind === changed.kind ? changed : entry));
      const body = { data: next.map(({ kind, inApp, mail }) => ({ kind, inApp, mail })) };
      queries.setQueryData(
        preferencesQuery.queryKey,
        await ok(api.PUT('/api/v1/notifications/preferences', { body })),
      );
      say(t('app.saved'));
    });
  return (
    <div className="page narrow stack loose">
      <h1>{t('news.preferences')}</h1>
      <p className="soft">{t('news.preferencesText')}</p>
      <Fault error={error} />
      <Load of={preferences} waiting={<Skeleton height="3rem" count={8} />}>
        {({ data }) => (
          <table className="preferences">
            <thead>
              <tr>
                <td />
                <th scope="col">{t('news.inApp')}</th>
                <th scope="col">{t('news.mail')}</th>
              </tr>
            </thead>
            <tbody>
              {data.map((entry) => {
                const name = t(`news.kinds.${keyOf(entry.kind)}`);
                return (
                  <tr key={entry.kind}>
                    <th scope="row">{name}</th>
                    <td>
                      <input
                        type="checkbox"
                        aria-label={`${name}: ${t('news.inApp')}`}
                        checked={entry.inApp}
                        disabled={entry.alwaysInApp || busy}
                        onChange={({ target }) => change(data, { ...entry, inApp: target.checked })}
                      />
                    </td>
                    <td>
                      <input
                        type="checkbox"
                        aria-label={`${name}: ${t('news.mail')}`}
                        checked={entry.mail}
                        disabled={busy}
                        onChange={({ target }) => change(data, { ...entry, mail: target.checked })}
                      />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
      </Load>
    </div>
  );
}
