import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';

/** Accounts to log in with at once, on a demo only. */
export function DemoLogins({ logIn }: { logIn: (email: string, password: string) => unknown }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ['demo'],
    queryFn: () => ok(api.GET('/api/v1/demo/logins')),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!data) return null;
  const labelOf = (i: number) => {
    const { role } = data.logins[i]!;
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
          <Button key={email} title={email} onClick={() => void logIn(email, data.password)}>
            {labelOf(i)}
          </Button>
        ))}
      </div>
    </section>
  );
}
