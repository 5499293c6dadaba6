import type { Schemas } from '../api.js';
import { legalPath, useSeller } from '../house/house.js';
import { useTranslation } from '../i18n/index.js';

/** Pages of the seller that matter to whoever pays, in this order. */
const PAGES = ['terms', 'privacy', 'imprint'] as const;

/** Who sells, and on which terms; the links open beside the payment, which goes on. */
export function Seller({ event }: { event: Schemas['Event'] }) {
  const { t } = useTranslation();
  const { data: seller } = useSeller(event.organizerId);
  if (!seller) return null;
  const { name, organisation, pages } = seller;
  return (
    <p className="small soft seller">
      <span className="whole">{t('checkout.soldBy', { seller: organisation.name || name })}</span>
      {pages.includes('terms') && <span className="whole">{t('checkout.termsApply')}</span>}
      {PAGES.filter((page) => pages.includes(page)).map((page) => (
        <a key={page} href={legalPath(seller, page)} target="_blank" rel="noopener">
          {t(`app.legal.${page}`)}
        </a>
      ))}
    </p>
  );
}
