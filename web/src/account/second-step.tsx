import { useState } from 'react';
import { client } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import { Fault } from '../ui/states.js';
import { useWork } from '../ui/use-work.js';
import { CodeField } from './code-field.js';

/** The second step of a login: a code of the authenticator app, or one on paper. */
export function SecondStep({ challenge, back }: { challenge: string; back: () => void }) {
  const { t } = useTranslation();
  const [onPaper, setOnPaper] = useState(false);
  const { busy, error, run } = useWork();
  const submit = (data: FormData) => run(() => client.finishLogin({ challenge, code: textOf(data, 'code') }));
  return (
    <>
      <Form submit={submit} className="stack">
        {onPaper ? (
          <Field
            key="paper"
            label={t('account.recoveryCode')}
            hint={t('account.recoveryCodeHint')}
            name="code"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            minLength={16}
            maxLength={40}
            autoFocus
            required
          />
        ) : (
          <CodeField label={t('account.code')} autoFocus />
        )}
        <Fault error={error} />
        <Button look="main" wide type="submit" busy={busy}>
          {t('account.login')}
        </Button>
      </Form>
      <div className="row spread">
        <Button look="quiet" onClick={() => setOnPaper(!onPaper)}>
          {t(onPaper ? 'account.useApp' : 'account.useRecoveryCode')}
        </Button>
        <Button look="quiet" onClick={back}>
          {t('account.otherLogin')}
        </Button>
      </div>
    </>
  );
}
