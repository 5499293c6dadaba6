import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { client, type Schemas } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { answerProof } from '../proof.js';
import { useSession } from '../session.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import { Sheet } from '../ui/sheet.js';
import { Fault, Load, Skeleton } from '../ui/states.js';
import { useWork } from '../ui/use-work.js';
import { canUsePasskeys, proveWithPasskey } from './passkeys.js';
import { ProveElsewhere } from './prove-elsewhere.js';
import { demoQuery, securityQuery } from './queries.js';

/** Asks somebody to prove once more who they are; the request that waits for it then goes on. */
export function ProofDialog() {
  const { t } = useTranslation();
  const security = useQuery(securityQuery);
  return (
    <Sheet title={t('proof.title')} close={() => answerProof(false)}>
      <p>{t('proof.text')}</p>
      <Load of={security} waiting={<Skeleton height="6rem" />}>
        {(standing) => <Ways standing={standing} />}
      </Load>
    </Sheet>
  );
}

function Ways({ standing: { passkeys, secondFactor, password } }: { standing: Schemas['Security'] }) {
  const { t } = useTranslation();
  const { busy, error, run } = useWork();
  const prove = (work: () => Promise<void>) =>
    run(async () => {
      await work();
      answerProof(true);
    });
  const withPasskey = passkeys > 0 && canUsePasskeys();
  return (
    <>
      {withPasskey && (
        <Button look="main" wide autoFocus busy={busy} onClick={() => prove(proveWithPasskey)}>
          {t('proof.passkey')}
        </Button>
      )}
      {secondFactor ? (
        <Form submit={(data) => prove(() => client.stepUp({ code: textOf(data, 'code') }))} className="stack">
          <Field
            label={t('proof.code')}
            hint={t('proof.codeHint')}
            name="code"
            autoComplete="one-time-code"
            autoFocus={!withPasskey}
            minLength={6}
            maxLength={40}
            required
          />
          <Fault error={error} />
          <Buttons main={!withPasskey} busy={busy} />
        </Form>
      ) : password ? (
        <Form
          submit={(data) => prove(() => client.stepUp({ password: String(data.get('password')) }))}
          className="stack"
        >
          <Password first={!withPasskey} />
          <Fault error={error} />
          <Buttons main={!withPasskey} busy={busy} />
        </Form>
      ) : (
        <>
          <ProveElsewhere none={t('proof.noWay')} />
          <Fault error={error} />
        </>
      )}
    </>
  );
}

function Buttons({ main, busy }: { main: boolean; busy: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="row">
      <Button type="submit" look={main ? 'main' : 'plain'} busy={busy}>
        {t('proof.go')}
      </Button>
      <Button onClick={() => answerProof(false)}>{t('app.cancel')}</Button>
    </div>
  );
}

/** On a demo one press fills in the password, which everybody may know. `first`: there is nothing before it. */
function Password({ first }: { first: boolean }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const { data: demo } = useQuery(demoQuery);
  const field = useRef<HTMLInputElement>(null);
  const known = demo?.logins.some(({ email }) => email === user?.email);
  return (
    <>
      <Field
        ref={field}
        label={t('account.password')}
        name="password"
        type="password"
        autoComplete="current-password"
        autoFocus={first}
        required
      />
      {known && (
        <div>
          <Button
            onClick={() => {
              field.current!.value = demo!.password;
            }}
          >
            {t('proof.demo')}
          </Button>
        </div>
      )}
    </>
  );
}
