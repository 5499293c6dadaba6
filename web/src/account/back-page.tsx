import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { client, isProblem, Problem } from '../api.js';
import type { en } from '../i18n/en.js';
import { hasText, useTranslation } from '../i18n/index.js';
import { Button, ButtonLink } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import { Fault, Skeleton } from '../ui/states.js';
import { useToast } from '../ui/toasts.js';
import { useForget } from '../ui/use-forget.js';
import { useTitle } from '../ui/use-title.js';
import { useWork } from '../ui/use-work.js';
import { takeNext } from './identities.js';

type Code = keyof typeof en.errors;

/** Page to which the way to another provider leads back. The address says by a code what came of it. */
export function BackPage() {
  const { t } = useTranslation();
  const go = useNavigate();
  const say = useToast();
  const forget = useForget();
  const [said] = useState(() => new URLSearchParams(location.hash.slice(1)));
  const [next] = useState(takeNext);
  const [error, setError] = useState<unknown>();
  const [challenge, setChallenge] = useState<string>();
  const [code, why, refused] = [said.get('code'), said.get('why'), said.get('error')];
  useTitle(t('account.login'));

  // biome-ignore lint/correctness/useExhaustiveDependencies: the code works once
  useEffect(() => {
    // Neither a reload nor the history is to use it again.
    history.replaceState(history.state, '', location.pathname);
    if (code)
      client
        .finishIdentityLogin({ code })
        .then(() => go(next, { replace: true }))
        .catch((thrown: unknown) => {
          if (thrown instanceof Problem && isProblem(thrown, 'second_factor_required'))
            setChallenge(String(thrown.body.challenge));
          else setError(thrown);
        });
    else if (!refused && (why === 'link' || why === 'step_up')) {
      forget('identities', 'security');
      say(t(why === 'link' ? 'identity.linked' : 'identity.proved'));
      void go(next, { replace: true });
    }
  }, []);

  if (challenge) return <SecondStep challenge={challenge} done={() => void go(next, { replace: true })} />;
  const known = refused && hasText(`errors.${refused}`) ? (refused as Code) : undefined;
  const failed = error !== undefined || refused !== null || (!code && !why);
  return (
    <div className="page form stack loose">
      <h1>{t('account.login')}</h1>
      {failed ? (
        <>
          {error === undefined ? (
            <p className="notice danger" role="alert">
              {t(`errors.${known ?? 'identity_login_invalid'}`)}
            </p>
          ) : (
            <Fault error={error} />
          )}
          <ButtonLink look="main" to={why === 'login' || !why ? '/login' : next}>
            {t(why === 'login' || !why ? 'identity.toLogin' : 'identity.back')}
          </ButtonLink>
        </>
      ) : (
        <Skeleton height="3rem" />
      )}
    </div>
  );
}

function SecondStep({ challenge, done }: { challenge: string; done: () => void }) {
  const { t } = useTranslation();
  const { busy, error, run } = useWork();
  const submit = (data: FormData) =>
    run(async () => {
      await client.finishLogin({ challenge, code: textOf(data, 'code') });
      done();
    });
  return (
    <div className="page form stack loose">
      <h1>{t('identity.secondFactor')}</h1>
      <p className="soft">{t('identity.secondFactorText')}</p>
      <Form submit={submit} className="stack">
        <Field label={t('identity.code')} name="code" autoComplete="one-time-code" minLength={6} required />
        <Fault error={error} />
        <Button look="main" wide type="submit" busy={busy}>
          {t('account.login')}
        </Button>
      </Form>
    </div>
  );
}
