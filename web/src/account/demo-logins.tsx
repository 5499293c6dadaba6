import { useQuery } from '@tanstack/react-query';
import { api, client, ok } from '../api.js';
import { language, useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { useForget } from '../ui/use-forget.js';
import { demoQuery } from './queries.js';

/** Accounts to log in with at once, on a demo only. */
export function DemoLogins({ run }: { run: (work: () => Promise<unknown>) => unknown }) {
  const { t } = useTranslation();
  const forget = useForget();
  const { data } = useQuery(demoQuery);
  if (!data) return null;
  const logIn = (email: string) =>
    run(async () => {
      const { locale, version } = await client.login({ email, password: data.password });
      if (locale === language()) return;
      // Everybody who tries the demo shares these accounts: mails and notifications are in the language of the last one.
      const header = { 'If-Match': `"v${version}"` };
      await ok(api.PATCH('/api/v1/auth/me', { params: { header }, body: { locale: language() } }));
      forget('me');
    });
  const labelOf = (i: number) => {
    const { role, template } = data.logins[i]!;
    if (template) return t(`account.demoTemplates.${template}`);
    const no = data.logins.slice(0, i + 1).filter((login) => login.role === role).length;
    return no > 1 ? `${t(`account.demoRoles.${role}`)} ${no}` : t(`account.demoRoles.${role}`);
  };
  return (
    <section className="card stack tight" aria-labelledby="demo-logins">
      <h2 id="demo-logins" className="small">
        {t('account.demo')}
      </h2>
      <div className="row">
        {data.logins.map(({ email }, i) => (
          <Button key={email} title={email} onClick={() => void logIn(email)}>
            {labelOf(i)}
          </Button>
        ))}
      </div>
    </section>
  );
}
