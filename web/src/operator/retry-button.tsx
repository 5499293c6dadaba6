import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { useErrorText } from '../ui/errors.js';
import { useToast } from '../ui/toasts.js';
import { useForget } from '../ui/use-forget.js';
import { useWork } from '../ui/use-work.js';

/** Another try for something in a table; says how it went. */
export function RetryButton({ work }: { work: () => Promise<unknown> }) {
  const { t } = useTranslation();
  const forget = useForget();
  const say = useToast();
  const text = useErrorText();
  const { busy, run } = useWork();
  const retry = () =>
    run(async () => {
      await work().then(
        () => say(t('operator.goesOn')),
        (error) => say(text(error)),
      );
      forget('operator');
    });
  return (
    <Button busy={busy} onClick={retry}>
      {t('app.retry')}
    </Button>
  );
}
