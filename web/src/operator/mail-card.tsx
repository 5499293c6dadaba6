import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok, type Schemas } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { Fault, Load, Skeleton } from '../ui/states.js';
import { useToast } from '../ui/toasts.js';
import { useForget } from '../ui/use-forget.js';
import { useWork } from '../ui/use-work.js';
import { MailFrame } from './mail-frame.js';
import { mailPreviewQuery } from './queries.js';

const VIEWS = ['asSent', 'asText'] as const;

/** One mail: its text, what is attached, and sending it again. */
export function MailCard({ mail, close }: { mail: Schemas['Mail']; close: () => void }) {
  const preview = useQuery(mailPreviewQuery(mail.id));
  return (
    <Load of={preview} waiting={<Skeleton height="24rem" />}>
      {(found) => (
        <>
          <Preview preview={found} />
          {mail.state !== 'pending' && <Repeat id={mail.id} close={close} />}
        </>
      )}
    </Load>
  );
}

function Preview({ preview: { to, subject, html, text, attachments } }: { preview: Schemas['MailPreview'] }) {
  const { t } = useTranslation();
  const [view, setView] = useState<(typeof VIEWS)[number]>('asSent');
  return (
    <>
      <dl className="pairs">
        <dt>{t('operator.recipient')}</dt>
        <dd className="wrap">{to}</dd>
        <dt>{t('operator.subjectLine')}</dt>
        <dd className="wrap">{subject}</dd>
        {attachments.length > 0 && (
          <>
            <dt>{t('operator.attachments')}</dt>
            <dd>{attachments.map(({ filename }) => filename).join(', ')}</dd>
          </>
        )}
      </dl>
      <fieldset className="chips">
        <legend className="spoken">{t('operator.view')}</legend>
        {VIEWS.map((name) => (
          <button
            key={name}
            type="button"
            className="chip"
            aria-pressed={view === name}
            onClick={() => setView(name)}
          >
            {t(`operator.${name}`)}
          </button>
        ))}
      </fieldset>
      {view === 'asSent' ? (
        <MailFrame html={html} title={subject} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by the keyboard
        <pre className="mail-text" tabIndex={0}>
          {text}
        </pre>
      )}
      <p className="small soft">{t('operator.withoutAttachments')}</p>
    </>
  );
}

function Repeat({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const repeat = () =>
    run(async () => {
      await ok(api.POST('/api/v1/admin/mails/{id}/repeat', { params: { path: { id } } }));
      forget('operator');
      say(t('operator.sentAgain'));
      close();
    });
  return (
    <>
      <Fault error={error} />
      <div>
        <Button look="main" busy={busy} onClick={repeat}>
          {t('operator.sendAgain')}
        </Button>
      </div>
    </>
  );
}
