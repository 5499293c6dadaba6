import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../api.js';
import { number } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { Load, Skeleton } from '../ui/states.js';
import { TableScroll } from '../ui/table-scroll.js';
import { Attention } from './attention.js';
import { OperatorPage } from './page.js';
import { Parked } from './parked.js';
import { outboxQuery, overviewQuery, statusQuery } from './queries.js';
import { Rush } from './rush.js';
import { Trend } from './trend.js';

/** Overview: health of the installation, and waiting work. */
export function OverviewPage() {
  const { t } = useTranslation();
  const status = useQuery(statusQuery);
  const outbox = useQuery(outboxQuery);
  const overview = useQuery(overviewQuery);
  return (
    <OperatorPage title={t('nav.operator')}>
      <Load of={overview} waiting={<Skeleton height="28rem" />}>
        {(found) => (
          <>
            <Attention of={found.attention} />
            <Trend overview={found} />
          </>
        )}
      </Load>
      <Load of={status} waiting={<Skeleton height="14rem" />}>
        {(found) => <Status status={found} />}
      </Load>
      <Rush />
      <Load of={outbox} waiting={<Skeleton height="14rem" />}>
        {(found) => (
          <>
            <Readers outbox={found} />
            <Parked parked={found.parked} />
          </>
        )}
      </Load>
      <p className="small soft">{t('operator.invariants')}</p>
    </OperatorPage>
  );
}

function Status({ status }: { status: Schemas['Status'] }) {
  const { t } = useTranslation();
  const { database, facts } = status;
  const pending = database.migrations.pending ?? [];
  return (
    <section className="card stack" aria-labelledby="status">
      <div className="row">
        <h2 id="status">{t('operator.status')}</h2>
        <span className={status.status === 'ok' ? 'badge good' : 'badge danger'}>
          {t(`operator.states.${status.status}`)}
        </span>
      </div>
      <dl className="pairs numbers">
        <dt>{t('operator.release')}</dt>
        <dd>
          {status.version} · Node {status.node} · {status.role}
        </dd>
        <dt>{t('operator.uptime')}</dt>
        <dd>
          {t('operator.hours', { count: Math.floor(status.uptimeSeconds / 3600) })} ·{' '}
          {number(status.memoryMegabytes)} MB
        </dd>
        <dt>PostgreSQL</dt>
        <dd>
          {database.reachable ? database.version : t('operator.unreachable')}
          {database.latencyMs !== null && ` · ${number(database.latencyMs)} ms`}
        </dd>
        <dt>{t('operator.connections')}</dt>
        <dd>
          {t('operator.connectionsText', {
            open: number(database.connections.open),
            idle: number(database.connections.idle),
            waiting: number(database.connections.waiting),
          })}
        </dd>
        <dt>{t('operator.migrations')}</dt>
        <dd>{pending.length === 0 ? t('operator.upToDate') : pending.join(', ')}</dd>
        <dt>Redis</dt>
        <dd>{t(`operator.redis.${status.redis}`)}</dd>
        <dt>{t('operator.broker')}</dt>
        <dd>{t(`operator.brokers.${facts.broker}`)}</dd>
        <dt>{t('operator.sockets')}</dt>
        <dd>{status.sockets === null ? '–' : number(status.sockets)}</dd>
      </dl>
    </section>
  );
}

function Readers({ outbox: { readers } }: { outbox: Schemas['Outbox'] }) {
  const { t } = useTranslation();
  return (
    <section className="stack" aria-labelledby="outbox">
      <div className="stack tight">
        <h2 id="outbox">{t('operator.outbox')}</h2>
        <p className="small soft">{t('operator.outboxText')}</p>
      </div>
      <TableScroll label={t('operator.list')}>
        <table className="table numbers">
          <thead>
            <tr>
              <th scope="col">{t('operator.reader')}</th>
              <th scope="col">{t('operator.waiting')}</th>
              <th scope="col">{t('operator.oldest')}</th>
            </tr>
          </thead>
          <tbody>
            {readers.map(({ name, waiting, waitingSeconds }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{number(waiting)}</td>
                <td>{t('operator.seconds', { seconds: number(Math.round(waitingSeconds * 10) / 10) })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}
