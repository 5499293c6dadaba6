import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { useToast } from '../../ui/toasts.js';

/** A text to be copied into another program. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const { t } = useTranslation();
  const say = useToast();
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    say(t('providers.copied'));
  };
  return (
    <div className="stack tight">
      <Field label={label} value={value} readOnly onFocus={({ target }) => target.select()} />
      {/* Browsers offer the clipboard to secure pages only. */}
      {navigator.clipboard && (
        <div>
          <Button onClick={() => void copy()}>{t('providers.copy')}</Button>
        </div>
      )}
    </div>
  );
}
