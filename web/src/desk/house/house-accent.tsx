import { contrast, isReadable } from '../../../../src/house/accent.rules.js';
import { useTranslation } from '../../i18n/index.js';
import { Check, Field } from '../../ui/field.js';

const FIRST = '#0f6b62';

export function AccentField({
  accent,
  choose,
}: {
  accent: string | null;
  choose: (accent: string | null) => void;
}) {
  const { t } = useTranslation();
  const pale = accent !== null && !isReadable(accent);
  return (
    <div className="stack tight">
      <Check
        label={t('house.ownAccent')}
        checked={accent !== null}
        onChange={({ target }) => choose(target.checked ? FIRST : null)}
      />
      {accent !== null && (
        <Field
          label={t('house.accent')}
          hint={t('house.accentHint')}
          fault={pale ? t('house.pale', { contrast: contrast(accent, '#ffffff').toFixed(1) }) : undefined}
          type="color"
          value={accent}
          onChange={({ target }) => choose(target.value)}
        />
      )}
    </div>
  );
}
