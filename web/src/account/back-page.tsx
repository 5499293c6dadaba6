import { useEffect, useState } from 'react';
import { Navigate, useNavigate } from 'react-router';
import { client, isProblem } from '../api.js';
import type { en } from '../i18n/en.js';
import { hasText, useTranslation } from '../i18n/index.js';
import { useSession } from '../session.js';
import { ButtonLink } from '../ui/button.js';
import { Fault, Skeleton } from '../ui/states.js';
import { useToast } from '../ui/toasts.js';
import { useForget } from '../ui/use-forget.js';
import { useTitle } from '../ui/use-title.js';
import { takeNext } from './identities.js';
import { SecondStep } from './second-step.js';

type Code = keyof typeof en.errors;

/** Page to which the way to another provider leads back. The address says by a code what came of it. */
export function BackPage() {
  const { t } = useTranslation();
  const go = useNavigate();
  const say = useToast();
  const forget = useForget();
  const { signedIn } = useSession();
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
          if (isProblem(thrown, 'second_factor_required')) setChallenge(String(thrown.body.challenge));
          else setError(thrown);
        });
    else if (!refused && (why === 'link' || why === 'step_up')) {
      forget('identities', 'security');
      say(t(why === 'link' ? 'identity.linked' : 'identity.proved'));
      void go(next, { replace: true });
    }
  }, []);

  if (challenge !== undefined && signedIn) return <Navigate to={next} replace />;
  const known = refused && hasText(`errors.${refused}`) ? (refused as Code) : 'identity_login_invalid';
  const toLogin = why !== 'link' && why !== 'step_up';
  return (
    <div className="page form stack loose">
      <h1>{t('account.login')}</h1>
      {challenge !== undefined ? (
        <>
          <p className="soft">{t('account.secondStepText')}</p>
          <SecondStep challenge={challenge} back={() => void go('/login')} />
        </>
      ) : error !== undefined || refused !== null || (!code && toLogin) ? (
        <>
          {error === undefined ? (
            <p className="notice danger" role="alert">
              {t(`errors.${known}`)}
            </p>
          ) : (
            <Fault error={error} />
          )}
          <ButtonLink look="main" to={toLogin ? '/login' : next}>
            {t(toLogin ? 'identity.toLogin' : 'identity.back')}
          </ButtonLink>
        </>
      ) : (
        <Skeleton height="3rem" />
      )}
    </div>
  );
}
