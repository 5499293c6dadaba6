import { useTranslation } from '../i18n/index.js';
import { Field, Select } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';

export const MAIL_KINDS = [
  'notification',
  'ticket.offered',
  'account.verify',
  'account.reset',
  'account.email_changed',
  'account.password_changed',
] as const;

/** Name of a kind of mail for people. */
export function MailKind({ kind }: { kind: string }) {
  const { t } = useTranslation();
  const known = MAIL_KINDS.find((name) => name === kind);
  return known ? t(`operator.mailKinds.${textName(known)}`) : kind;
}

/**
 * Filter by recipient and kind; an empty one is none. An address is looked for when it is whole, because each look is in the
 * audit log.
 */
export function MailFilter({
  to,
  kind,
  change,
}: {
  to: string;
  kind: string;
  change: (filter: { to?: string; kind?: string }) => void;
}) {
  const { t } = useTranslation();
  return (
    <Form submit={(data) => change({ to: textOf(data, 'to') })} className="row end wrap">
      <Field
        label={t('operator.findRecipient')}
        name="to"
        type="search"
        maxLength={254}
        defaultValue={to}
        onBlur={({ target }) => change({ to: target.value.trim() })}
      />
      <Select
        label={t('operator.kind')}
        value={kind}
        onChange={({ target }) => change({ kind: target.value })}
      >
        <option value="">{t('browse.all')}</option>
        {MAIL_KINDS.map((name) => (
          <option key={name} value={name}>
            {t(`operator.mailKinds.${textName(name)}`)}
          </option>
        ))}
      </Select>
    </Form>
  );
}

type Kind = (typeof MAIL_KINDS)[number];
type TextName<Name extends string> = Name extends `${infer Area}.${infer Rest}` ? `${Area}_${Rest}` : Name;

/** Keys of texts have no dots of their own. */
const textName = (kind: Kind) => kind.replace('.', '_') as TextName<Kind>;
