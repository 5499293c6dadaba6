import { Component, type ReactNode } from 'react';
import { useTranslation } from '../i18n/index.js';
import { CodeMissing, forgetMissingCode } from './code.js';
import { DeadEnd, Failure } from './states.js';
import { useTitle } from './use-title.js';

/** An address that leads nowhere. */
export function Missing() {
  const { t } = useTranslation();
  useTitle(t('app.notFound'));
  return (
    <div className="page narrow">
      <DeadEnd title={t('app.notFound')} text={t('app.notFoundText')} />
    </div>
  );
}

/** A page for people of another role. */
export function NotForYou() {
  const { t } = useTranslation();
  useTitle(t('app.notForYou'));
  return (
    <div className="page narrow">
      <DeadEnd title={t('app.notForYou')} text={t('app.notForYouText')} />
    </div>
  );
}

const AGAIN_AFTER_MS = 3_000;

interface Content {
  /** Another page may work. */
  readonly path: string;
  readonly children: ReactNode;
}

/**
 * Keeps a page that failed from taking the frame around it along: its code has a fault, or was not fetched. In that case
 * it is asked for again until the server gives it.
 */
export class Sturdy extends Component<Content, { error?: unknown }> {
  override state: { error?: unknown } = {};
  private timer: ReturnType<typeof setTimeout> | undefined;

  static getDerivedStateFromError = (error: unknown) => ({ error });

  override componentDidCatch(error: unknown): void {
    if (error instanceof CodeMissing) this.timer = setTimeout(this.again, AGAIN_AFTER_MS);
  }

  override componentDidUpdate({ path }: Content): void {
    if (path !== this.props.path && this.state.error) this.again();
  }

  override componentWillUnmount(): void {
    clearTimeout(this.timer);
  }

  private readonly again = () => {
    clearTimeout(this.timer);
    forgetMissingCode();
    this.setState({ error: undefined });
  };

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div className="page narrow">
        <Failure error={error} retry={() => location.reload()} />
      </div>
    );
  }
}
