import type { Session } from './session.js';

export type Fetch = (request: Request) => Promise<Response>;

const TRIES = 3;
const LONGEST_WAIT = 5;

/** Asks the person for another proof. @returns whether there is one now, so that the request may be repeated */
export type StepUp = () => Promise<boolean>;

/**
 * Sends a request for the person who is logged in. One that wants a proof of who that is (`step_up_required`) is repeated
 * after `stepUp` got one.
 */
export function provenly(send: Fetch, stepUp: StepUp | undefined): Fetch {
  return async (request) => {
    const answer = await send(request.clone());
    return stepUp && (await wantsProof(answer)) && (await stepUp()) ? send(request) : answer;
  };
}

async function wantsProof(answer: Response): Promise<boolean> {
  if (answer.status !== 403) return false;
  const problem: unknown = await answer
    .clone()
    .json()
    .catch(() => undefined);
  return (problem as { code?: string } | undefined)?.code === 'step_up_required';
}

/**
 * Sends a request for the person who is logged in. An expired token is renewed once. Requests that are safe to repeat
 * (reads, and requests with an idempotency key) are repeated when the network or the server fails.
 */
export function patiently(fetch: Fetch, session: Session): Fetch {
  return async (request) => {
    const token = await session.token();
    const answer = await repeatedly(fetch, withToken(request.clone(), token));
    if (answer.status !== 401 || token === undefined) return answer;
    const renewed = await session.renew(token);
    return renewed === undefined || renewed === token
      ? answer
      : repeatedly(fetch, withToken(request.clone(), renewed));
  };
}

function withToken(request: Request, token: string | undefined): Request {
  if (token !== undefined) request.headers.set('Authorization', `Bearer ${token}`);
  return request;
}

async function repeatedly(fetch: Fetch, request: Request): Promise<Response> {
  const tries = request.method === 'GET' || request.headers.has('Idempotency-Key') ? TRIES : 1;
  for (let attempt = 1; ; attempt++) {
    const last = attempt >= tries;
    try {
      const answer = await fetch(last ? request : request.clone());
      const seconds = waitOf(answer);
      if (last || seconds === undefined) return answer;
      await pause(seconds * 1000, request.signal);
    } catch (error) {
      if (last || request.signal.aborted) throw error;
      await pause(300 * 2 ** attempt, request.signal);
    }
  }
}

/** Seconds after which a busy server may be asked again; undefined: this answer is the one. */
function waitOf({ status, headers }: Response): number | undefined {
  const given = headers.get('Retry-After');
  const seconds = given === null ? Number.NaN : Number(given);
  return status === 503 && seconds <= LONGEST_WAIT ? seconds : undefined;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
}
