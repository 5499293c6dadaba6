import { useState } from 'react';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { Field } from '../../ui/field.js';

const MOST_KIB = 512;

/** The logo, which is set and removed at once. */
export function LogoField({
  logo,
  busy,
  set,
  remove,
}: {
  logo: string | null;
  busy: boolean;
  set: (data: string) => unknown;
  remove: () => unknown;
}) {
  const { t } = useTranslation();
  const [fault, setFault] = useState<string>();
  const choose = async (file: File | undefined) => {
    if (!file) return;
    const size = Math.ceil(file.size / 1024);
    setFault(size > MOST_KIB ? t('house.logoTooLarge', { size }) : undefined);
    if (size <= MOST_KIB) set(await base64Of(file));
  };
  return (
    <div className="stack tight">
      <Field
        label={t('house.logo')}
        hint={t('house.logoHint')}
        fault={fault}
        type="file"
        accept="image/png,image/jpeg,image/webp"
        disabled={busy}
        onChange={({ target }) => void choose(target.files?.[0])}
      />
      {logo && (
        <div>
          <Button busy={busy} onClick={remove}>
            {t('house.removeLogo')}
          </Button>
        </div>
      )}
    </div>
  );
}

const base64Of = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
