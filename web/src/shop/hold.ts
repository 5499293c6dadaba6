import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { api, isProblem, ok, type Schemas } from '../api.js';
import { type Selection, toParams } from '../map/selection.js';
import { useSession } from '../session.js';
import { useForget } from '../ui/use-forget.js';
import type { Waiting } from '../ui/waiting.js';

export interface Hold {
  readonly busy: boolean;
  readonly error: unknown;
  /** Seats of the last try that others had taken. */
  readonly lost: readonly number[];
  /** Holds what was chosen. `instead`: a hold that is given back for it. */
  chosen(instead?: string): Promise<void>;
}

/** In the address: what was chosen is to be held as soon as somebody is logged in. */
export const AT_ONCE = 'hold';

/** Takes what a buyer wants and goes on to the checkout; whoever is not logged in does that first, and it goes on by itself. */
export function useHold(event: Schemas['Event'], selection: Selection, waiting: () => Waiting): Hold {
  const go = useNavigate();
  const { pathname } = useLocation();
  const { signedIn } = useSession();
  const forget = useForget();
  const [state, setState] = useState<Pick<Hold, 'busy' | 'error' | 'lost'>>({
    busy: false,
    error: undefined,
    lost: [],
  });

  const logIn = async () => {
    const back = toParams(selection);
    back.set(AT_ONCE, '1');
    await go(`/login?next=${encodeURIComponent(`${pathname}?${back}`)}`, { state: waiting() });
  };
  const chosen = async (instead?: string) => {
    if (!signedIn) return logIn();
    const { seats, areas } = selection;
    selection.holding = true;
    setState({ busy: true, error: undefined, lost: [] });
    try {
      const body = {
        ...(seats.size > 0 && { seats: [...seats] }),
        ...(areas.size > 0 && { areas: [...areas].map(([area, quantity]) => ({ area, quantity })) }),
      };
      const { id } = await ok(
        api.POST('/api/v1/events/{id}/holds', { params: { path: { id: event.id } }, body }),
      );
      // The new places are there by now. The old ones would end by themselves.
      if (instead) await api.DELETE('/api/v1/bookings/{id}', { params: { path: { id: instead } } });
      forget('bookings');
      // The way back leads to the hall, without a choice that is a booking by then.
      await go(pathname, { replace: true });
      await go(`/bookings/${id}/checkout`);
    } catch (error) {
      selection.holding = false;
      const lost = isProblem(error, 'seats_taken') ? (error.body.conflicts as number[]) : [];
      selection.lose(lost);
      setState({ busy: false, error, lost });
    }
  };
  return { ...state, chosen };
}
