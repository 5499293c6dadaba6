import type { ReactNode } from 'react';
import { Problem } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { Button, ButtonLink } from './button.js';
import { useErrorText } from './errors.js';
import { SeatsIcon } from './icons.js';

/** Grey blocks of the size of what is to come, so that nothing jumps. */
export function Skeleton({ height, count = 1 }: { height: string; count?: number }) {
  const { t } = useTranslation();
  return (
    <div className="stack" role="status">
      <span className="spoken">{t('app.loading')}</span>
      {Array.from({ length: count }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div key={i} className="skeleton" style={{ height }} />
      ))}
    </div>
  );
}

/** A part that could not be loaded, with another try. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const text = useErrorText();
  return (
    <div className="notice danger" role="alert">
      <strong>{t('app.failed')}</strong>
      <span>{text(error)}</span>
      {error instanceof Problem && error.status >= 500 && (
        <span className="small">{t('app.reference', { id: error.body.correlationId })}</span>
      )}
      {retry && (
        <div>
          <Button onClick={retry}>{t('app.retry')}</Button>
        </div>
      )}
    </div>
  );
}

/** Error of the last action. */
export function Fault({ error }: { error: unknown }) {
  const text = useErrorText();
  return error ? (
    <p className="notice danger" role="alert">
      {text(error)}
    </p>
  ) : null;
}

/** Empty page: tells its future contents, and how to get them. */
export function Blank({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <div className="blank">
      <SeatsIcon />
      <h2>{title}</h2>
      <p className="soft">{text}</p>
      {children}
    </div>
  );
}

/** Empty page from which only the events lead on. */
export function DeadEnd({ title, text }: { title: string; text: string }) {
  const { t } = useTranslation();
  return (
    <Blank title={title} text={text}>
      <ButtonLink look="main" to="/">
        {t('app.home')}
      </ButtonLink>
    </Blank>
  );
}

interface Paged {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  fetchNextPage(): unknown;
}

/** Below a list that has further pages. */
export function More({ of: { hasNextPage, isFetchingNextPage, fetchNextPage } }: { of: Paged }) {
  const { t } = useTranslation();
  if (!hasNextPage) return null;
  return (
    <div>
      <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {t('app.more')}
      </Button>
    </div>
  );
}

interface Loaded<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  refetch(): unknown;
}

/** The three states of something that is fetched. */
export function Load<T>({
  of: { data, error, refetch },
  waiting,
  children,
}: {
  of: Loaded<T>;
  waiting: ReactNode;
  children: (data: T) => ReactNode;
}) {
  if (data !== undefined) return children(data);
  return error ? <Failure error={error} retry={() => void refetch()} /> : waiting;
}
