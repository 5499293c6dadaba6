import { Link } from 'react-router';
import type { Schemas } from '../api.js';
import { useTranslation } from '../i18n/index.js';

type Kind = Schemas['Overview']['attention'][number]['kind'];

/** Places where each is dealt with; the audit's command has no page. */
const PAGES: Partial<Record<Kind, string>> = {
  parked_streams: '#parked',
  stuck_jobs: '/operator/sagas?state=stuck',
  discrepancies: '/operator/payments',
  failed_mails: '/operator/mails?state=failed',
  late_facts: '#outbox',
};

/** Work that waits for an operator, worst first, with the ways there. */
export function Attention({ of }: { of: Schemas['Overview']['attention'] }) {
  const { t } = useTranslation();
  return (
    <section className="stack" aria-labelledby="attention">
      <h2 id="attention">{t('operator.attention.title')}</h2>
      {of.length === 0 && <p className="notice good">{t('operator.attention.none')}</p>}
      <ul className="stack tight">
        {of.map(({ kind, count }) => (
          <li key={kind} className={kind === 'violations' ? 'notice danger' : 'notice warm'}>
            <Way to={PAGES[kind]}>{t(`operator.attention.${kind}`, { count })}</Way>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Way({ to, children }: { to: string | undefined; children: string }) {
  if (to === undefined) return children;
  return to.startsWith('#') ? <a href={to}>{children}</a> : <Link to={to}>{children}</Link>;
}
