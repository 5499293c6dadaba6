import type { Schemas } from '../api.js';
import { useTranslation } from '../i18n/index.js';

/** Title of an event, with a mark where it is only tried out. Until it is read: as much room as it will take. */
export function EventName({ event }: { event: Pick<Schemas['Event'], 'title' | 'sandbox'> | undefined }) {
  return (
    <>
      {event?.title ?? '\u00a0'}
      {event?.sandbox && (
        <>
          {' '}
          <SandboxBadge />
        </>
      )}
    </>
  );
}

export function SandboxBadge() {
  const { t } = useTranslation();
  return <span className="badge warm">{t('event.sandbox')}</span>;
}
