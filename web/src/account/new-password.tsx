import { useTranslation } from '../i18n/index.js';
import { Field } from '../ui/field.js';

/** Field for a password that is to be chosen. */
export function NewPassword({ label, fault }: { label: string; fault: string | undefined }) {
  const { t } = useTranslation();
  return (
    <Field
      label={label}
      hint={t('account.passwordHint')}
      fault={fault}
      name="password"
      type="password"
      autoComplete="new-password"
      minLength={8}
      maxLength={128}
      required
    />
  );
}
