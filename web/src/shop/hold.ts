import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { api, isProblem, ok, type Schemas } from '../api.js';
import { type Selection, toParams } from '../map/selection.js';
import { useSession } from '../session.js';
import { useForget } from '../ui/use-forget.js';

type NewHold = Schemas['NewHold'];

export interface Hold {
  readonly busy: boolean;
  readonly error: unknown;
  /** Seats of the last try that others had taken. */
  readonly lost: readonly number[];
  /** Holds what was chosen. */
  chosen(): Promise<void>;
  /** Lets the server choose. */
  best(best: NonNullable<NewHold['best']>): Promise<void>;
}

/** Takes what a buyer wants and goes on to the checkout; whoever is not logged in does that first and comes back. */
export function useHold(event: Schemas['Event'], selection: Selection): Hold {
  const go = useNavigate();
  const { pathname } = useLocation();
  const { signedIn } = useSession();
  const forget = useForget();
  const [state, setState] = useState<Pick<Hold, 'busy' | 'error' | 'lost'>>({
    busy: false,
    error: undefined,
    lost: [],
  });

  const hold = async (body: NewHold) => {
    if (!signedIn) {
      const back = `${pathname}?${toParams(selection)}`;
      await go(`/login?next=${encodeURIComponent(back)}`);
      return;
    }
    selection.holding = true;
    setState({ busy: true, error: undefined, lost: [] });
    try {
      const params = { path: { id: event.id } };
      const { id } = await ok(api.POST('/api/v1/events/{id}/holds', { params, body }));
      forget('bookings');
      await go(`/bookings/${id}/checkout`);
    } catch (error) {
      selection.holding = false;
      const lost = isProblem(error, 'seats_taken') ? (error.body.conflicts as number[]) : [];
      selection.lose(lost);
      setState({ busy: false, error, lost });
    }
  };
  return {
    ...state,
    chosen: () => {
      const { seats, areas } = selection;
      return hold({
        ...(seats.size > 0 && { seats: [...seats] }),
        ...(areas.size > 0 && { areas: [...areas].map(([area, quantity]) => ({ area, quantity })) }),
      });
    },
    best: (best) => hold({ best }),
  };
}
