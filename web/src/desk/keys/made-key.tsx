import { useRef } from 'react';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { Sheet } from '../../ui/sheet.js';
import { useToast } from '../../ui/toasts.js';
import type { MadeKey as Made } from './queries.js';

/** A key that was just made, for the only time that it is shown. */
export function MadeKey({ made: { name, key }, close }: { made: Made; close: () => void }) {
  const { t } = useTranslation();
  const say = useToast();
  const text = useRef<HTMLElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(key);
      say(t('keys.copied'));
    } catch {
      // Without https, and where the browser is told not to, there is no clipboard: it is marked for the hand.
      getSelection()?.selectAllChildren(text.current!);
      say(t('keys.marked'));
    }
  };
  return (
    <Sheet title={t('keys.made', { name })} close={close}>
      <p>{t('keys.madeText')}</p>
      <code className="made-key" ref={text}>
        {key}
      </code>
      <p className="small soft">{t('keys.sendIt')}</p>
      <div className="row">
        <Button look="main" onClick={() => void copy()}>
          {t('keys.copy')}
        </Button>
        <Button onClick={close}>{t('keys.kept')}</Button>
      </div>
    </Sheet>
  );
}
