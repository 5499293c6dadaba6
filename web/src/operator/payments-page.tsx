import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../api.js';
import { moment } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import { Sheet } from '../ui/sheet.js';
import { Fault } from '../ui/states.js';
import { useToast } from '../ui/toasts.js';
import { useForget } from '../ui/use-forget.js';
import { useWork } from '../ui/use-work.js';
import { Choices, OperatorPage, Pages } from './page.js';
import { discrepanciesQuery, type Found } from './queries.js';

const STATUSES: readonly Found[] = ['open', 'repaired', 'resolved'];

/** Differences between Evently's books and those of the payment provider. */
export function PaymentsPage() {
  const { t } = useTranslation();
  const [status, setStatus] = useState<Found | undefined>('open');
  const [resolving, setResolving] = useState<string>();
  const found = useInfiniteQuery(discrepanciesQuery(status));
  return (
    <OperatorPage title={t('operator.pages.payments')} text={t('operator.paymentsText')}>
      <Compare />
      <Choices
        label={t('operator.state')}
        of={STATUSES}
        chosen={status}
        choose={setStatus}
        name={(value) => t(`operator.found.${value}`)}
      />
      <Pages
        of={found}
        head={[
          t('operator.at'),
          t('operator.kind'),
          t('operator.ours'),
          t('operator.theirs'),
          t('operator.state'),
          t('operator.action'),
        ]}
      >
        {({ id, foundAt, kind, ref, expected, found: theirs, status: now, note }) => (
          <>
            <th scope="row">{moment(foundAt)}</th>
            <td className="wrap">
              {kind}
              <div className="soft">{ref}</div>
            </td>
            <td className="wrap">
              <code>{JSON.stringify(expected)}</code>
            </td>
            <td className="wrap">
              <code>{JSON.stringify(theirs)}</code>
            </td>
            <td className="wrap">
              {t(`operator.found.${now}`)} {note}
            </td>
            <td>
              {now === 'open' && <Button onClick={() => setResolving(id)}>{t('operator.resolve')}</Button>}
            </td>
          </>
        )}
      </Pages>
      {resolving && (
        <Sheet title={t('operator.resolve')} close={() => setResolving(undefined)}>
          <Resolve id={resolving} close={() => setResolving(undefined)} />
        </Sheet>
      )}
    </OperatorPage>
  );
}

function Compare() {
  const { t } = useTranslation();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const compare = () =>
    run(async () => {
      const { complete } = await ok(api.POST('/api/v1/admin/payments/compare', { body: { days: 8 } }));
      forget('operator');
      say(t(complete ? 'operator.compared' : 'operator.comparedPartly'));
    });
  return (
    <div className="stack tight">
      <div>
        <Button busy={busy} onClick={compare}>
          {t('operator.compare')}
        </Button>
      </div>
      <Fault error={error} />
    </div>
  );
}

function Resolve({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const resolve = (data: FormData) =>
    run(async () => {
      await ok(
        api.POST('/api/v1/admin/payments/discrepancies/{id}/resolve', {
          params: { path: { id } },
          body: { note: textOf(data, 'note') },
        }),
      );
      forget('operator');
      close();
    });
  return (
    <Form submit={resolve} className="stack">
      <Field label={t('operator.note')} name="note" maxLength={2_000} required />
      <Fault error={error} />
      <div>
        <Button look="main" type="submit" busy={busy}>
          {t('app.save')}
        </Button>
      </div>
    </Form>
  );
}
