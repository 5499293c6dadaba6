import { useEffect, useState } from 'react';
import { Link, Navigate, useLocation, useSearchParams } from 'react-router';
import { client, isProblem } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { useSession } from '../session.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import { PasskeyIcon } from '../ui/icons.js';
import { Fault } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { useWork } from '../ui/use-work.js';
import { WaitingFor } from '../ui/waiting.js';
import { DemoLogins } from './demo-logins.js';
import { canOfferInField, canUsePasskeys, logInWithPasskey } from './passkeys.js';
import { ProviderLogins } from './provider-logins.js';
import { SecondStep } from './second-step.js';

/** A challenge of the server works for five minutes. */
const CHALLENGE_MS = 4 * 60_000;

/** Address that a person wanted before the login, only below this site. */
export function useNext(): string {
  const [search] = useSearchParams();
  const next = search.get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) ? next : '/';
}

export function LoginPage() {
  const { t } = useTranslation();
  const next = useNext();
  const { state } = useLocation();
  const { signedIn, user, loading } = useSession();
  const { busy, error, run } = useWork();
  const [challenge, setChallenge] = useState<string>();
  useTitle(t('account.login'));
  const askForCode = (thrown: unknown) => {
    if (!isProblem(thrown, 'second_factor_required')) throw thrown;
    setChallenge(String(thrown.body.challenge));
  };
  // Organizers who wanted nothing else come to work.
  const home = user?.role === 'organizer' ? '/desk' : '/';
  if (signedIn && !(next === '/' && loading)) return <Navigate to={next === '/' ? home : next} replace />;

  const submit = (data: FormData) =>
    run(() =>
      client
        .login({ email: textOf(data, 'email'), password: String(data.get('password')) })
        .catch(askForCode),
    );
  if (challenge !== undefined)
    return (
      <div className="page form stack loose">
        <div className="stack tight">
          <h1>{t('account.login')}</h1>
          <p className="soft">{t('account.secondStepText')}</p>
        </div>
        <SecondStep challenge={challenge} back={() => setChallenge(undefined)} />
      </div>
    );
  return (
    <div className="page form stack loose">
      <div className="stack tight">
        <h1>{t('account.login')}</h1>
        <p className="soft">{next === '/' ? t('account.loginText') : t('account.needLogin')}</p>
        <WaitingFor />
      </div>
      {canUsePasskeys() && (
        <div className="stack">
          <Button wide busy={busy} onClick={() => run(logInWithPasskey)}>
            <PasskeyIcon />
            {t('account.withPasskey')}
          </Button>
          <p className="divider small soft">{t('account.orPassword')}</p>
          <PasskeysInField />
        </div>
      )}
      <Form submit={submit} className="stack">
        <Field
          label={t('account.email')}
          name="email"
          type="email"
          autoComplete="username webauthn"
          required
        />
        <Field
          label={t('account.password')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <Fault error={error} />
        <Button look="main" wide type="submit" busy={busy}>
          {t('account.login')}
        </Button>
      </Form>
      <div className="row spread">
        <Link to={`/register?next=${encodeURIComponent(next)}`} state={state}>
          {t('account.toRegister')}
        </Link>
        <Link to="/forgot">{t('account.forgot')}</Link>
      </div>
      <ProviderLogins next={next} />
      <DemoLogins run={run} />
    </div>
  );
}

/** Lets the browser offer passkeys in the field for the address, where it can. */
function PasskeysInField() {
  const { run, error } = useWork();
  // Another challenge before this one ends, and after a choice that was of no use.
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each round begins anew
  useEffect(() => {
    let left = false;
    const timer = setTimeout(() => setRound(round + 1), CHALLENGE_MS);
    void canOfferInField().then(async (can) => {
      if (!can || left) return;
      await run(() =>
        logInWithPasskey(true).catch((thrown) => {
          // Nobody has pressed anything, so nobody wants to hear that the browser gave up.
          if (isProblem(thrown)) throw thrown;
        }),
      );
    });
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [round]);
  return <Fault error={error} />;
}
