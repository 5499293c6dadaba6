import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok, type Schemas } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { Blank, Fault, Load, Skeleton } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useTitle } from '../../ui/use-title.js';
import { useWork } from '../../ui/use-work.js';
import { type Delivery, webhooksQuery } from '../queries.js';
import { Deliveries } from './deliveries.js';
import { WebhookForm } from './webhook-form.js';

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
      <WebhookForm />
    </div>
  );
}

/** A test message, and the end of a webhook. */
function Actions({ id }: { id: string }) {
  const { t } = useTranslation();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const params = { path: { id } };
  const test = () =>
    run(async () => {
      await ok(api.POST('/api/v1/webhooks/{id}/ping', { params }));
      forget('webhooks');
      say(t('hooks.tested'));
    });
  const remove = () =>
    run(async () => {
      await ok(api.DELETE('/api/v1/webhooks/{id}', { params }));
      forget('webhooks');
    });
  return (
    <>
      <Fault error={error} />
      <div className="row">
        <Button busy={busy} onClick={test}>
          {t('hooks.test')}
        </Button>
        <Button look="danger" busy={busy} onClick={() => confirm(t('hooks.removeSure')) && remove()}>
          {t('hooks.remove')}
        </Button>
      </div>
    </>
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
      <Actions id={id} />
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
