import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schemas } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { Blank, Load, Skeleton } from '../../ui/states.js';
import { useTitle } from '../../ui/use-title.js';
import { type Delivery, webhooksQuery } from '../queries.js';
import { Deliveries } from './deliveries.js';

const STATES: readonly Delivery['state'][] = ['failed', 'pending', 'delivered'];

/** Webhooks of the organizer, and their deliveries. */
export function WebhooksPage() {
  const { t } = useTranslation();
  const hooks = useQuery(webhooksQuery);
  useTitle(t('hooks.title'));
  return (
    <div className="page stack loose">
      <div className="stack tight">
        <h1>{t('hooks.title')}</h1>
        <p className="soft">{t('hooks.text')}</p>
      </div>
      <Load of={hooks} waiting={<Skeleton height="8rem" count={2} />}>
        {({ data }) =>
          data.length === 0 ? (
            <Blank title={t('hooks.none')} text={t('hooks.noneText')} />
          ) : (
            data.map((hook) => <Hook key={hook.id} hook={hook} />)
          )
        }
      </Load>
    </div>
  );
}

function Hook({
  hook: { id, url, facts, active, disabledReason, description },
}: {
  hook: Schemas['Webhook'];
}) {
  const { t } = useTranslation();
  const [state, setState] = useState<Delivery['state']>();
  return (
    <section className="card stack" aria-label={url}>
      <div className="row">
        <h2 className="wrap">{description ?? url}</h2>
        <span className={active ? 'badge good' : 'badge danger'}>
          {active ? t('hooks.on') : t('hooks.off')}
        </span>
      </div>
      <p className="small soft wrap">
        {url} · {facts.join(', ')}
        {disabledReason && ` · ${disabledReason}`}
      </p>
      <fieldset className="chips">
        <legend className="spoken">{t('hooks.deliveries')}</legend>
        {[undefined, ...STATES].map((value) => (
          <button
            key={value ?? 'all'}
            type="button"
            className="chip"
            aria-pressed={state === value}
            onClick={() => setState(value)}
          >
            {value ? t(`hooks.states.${value}`) : t('browse.all')}
          </button>
        ))}
      </fieldset>
      <Deliveries hookId={id} state={state} />
    </section>
  );
}
