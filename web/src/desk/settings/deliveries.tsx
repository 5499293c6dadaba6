import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api.js';
import { moment } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { useErrorText } from '../../ui/errors.js';
import { Load, Skeleton } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import { type Delivery, deliveriesQuery } from '../queries.js';

/** The last messages to a webhook, each with another try. */
export function Deliveries({ hookId, state }: { hookId: string; state: Delivery['state'] | undefined }) {
  const { t } = useTranslation();
  const deliveries = useQuery(deliveriesQuery(hookId, state));
  return (
    <Load of={deliveries} waiting={<Skeleton height="3rem" count={3} />}>
      {({ data }) =>
        data.length === 0 ? (
          <p className="soft">{t('hooks.nothing')}</p>
        ) : (
          <ul className="lines">
            {data.map((delivery) => (
              <Item key={delivery.id} hookId={hookId} delivery={delivery} />
            ))}
          </ul>
        )
      }
    </Load>
  );
}

function Item({ hookId, delivery }: { hookId: string; delivery: Delivery }) {
  const { t } = useTranslation();
  const forget = useForget();
  const say = useToast();
  const text = useErrorText();
  const { busy, run } = useWork();
  const { id, type, state, attempts, lastStatus, lastError, createdAt } = delivery;
  const replay = () =>
    run(async () => {
      await ok(
        api.POST('/api/v1/webhooks/{id}/deliveries/{delivery}/replay', {
          params: { path: { id: hookId, delivery: id } },
        }),
      ).then(
        () => say(t('hooks.sentAgain')),
        (error) => say(text(error)),
      );
      forget('webhooks');
    });
  return (
    <li className="row spread">
      <div className="grow wrap">
        <strong>{type}</strong>{' '}
        <span className={state === 'failed' ? 'badge danger' : 'badge'}>{t(`hooks.states.${state}`)}</span>
        <div className="small soft">
          {moment(createdAt)} · {t('operator.attempts', { count: attempts })}
          {lastStatus !== null && ` · HTTP ${lastStatus}`}
          {lastError && ` · ${lastError}`}
        </div>
      </div>
      <Button busy={busy} onClick={replay}>
        {t('hooks.sendAgain')}
      </Button>
    </li>
  );
}
