import type { SeatMap } from '@evently/client';
import { useState } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { api, ok, type Schemas } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { useScarce } from '../map/use-seat-map.js';
import { useSession } from '../session.js';
import { Button } from '../ui/button.js';
import { Check, Field, Select } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import { Fault } from '../ui/states.js';
import { useForget } from '../ui/use-forget.js';

/** For those who find no place: everything is gone, or everything of a category. */
export function JoinWaitlist({
  event,
  map,
  soldOut,
}: {
  event: Schemas['Event'];
  map: SeatMap;
  soldOut: boolean;
}) {
  const { t } = useTranslation();
  const scarce = useScarce(map);
  if (!soldOut && scarce.length === 0) return null;
  return (
    <details className="card best" open={soldOut || undefined}>
      <summary>
        <h3>{t('wait.join')}</h3>
        <span className="small soft">
          {!soldOut && `${t('wait.scarce', { what: scarce.join(', ') })} `}
          {t('wait.joinText')}
        </span>
      </summary>
      <WishForm event={event} map={map} category={soldOut ? '' : scarce[0]!} />
    </details>
  );
}

function WishForm({
  event,
  map,
  category: first,
}: {
  event: Schemas['Event'];
  map: SeatMap;
  /** Asked for at first; empty: any. */
  category: string;
}) {
  const { t } = useTranslation();
  const { signedIn } = useSession();
  const { pathname } = useLocation();
  const go = useNavigate();
  const forget = useForget();
  const [state, setState] = useState<{ busy?: boolean; error?: unknown; joined?: boolean }>({});
  const { categories, accessible } = map.geometry;

  const submit = async (data: FormData) => {
    if (!signedIn) return go(`/login?next=${encodeURIComponent(pathname)}`);
    const category = textOf(data, 'category');
    const quantity = Number(textOf(data, 'quantity'));
    const minQuantity = Math.min(quantity, Number(textOf(data, 'min')) || quantity);
    setState({ busy: true });
    try {
      await ok(
        api.POST('/api/v1/events/{id}/waitlist', {
          params: { path: { id: event.id } },
          body: {
            quantity,
            minQuantity,
            together: data.has('together'),
            accessible: data.has('accessible'),
            ...(category && { categories: [category] }),
          },
        }),
      );
      forget('waitlist');
      setState({ joined: true });
    } catch (error) {
      setState({ error });
    }
  };
  if (state.joined)
    return (
      <p className="notice good" role="status">
        {t('wait.joined')} <Link to="/waitlist">{t('nav.waitlist')}</Link>
      </p>
    );
  return (
    <Form submit={submit} className="stack">
      <Field
        label={t('wait.quantity')}
        name="quantity"
        type="number"
        min={1}
        max={event.maxSeatsPerBooking}
        defaultValue={Math.min(2, event.maxSeatsPerBooking)}
        required
      />
      <Field
        label={t('wait.min')}
        name="min"
        type="number"
        min={1}
        max={event.maxSeatsPerBooking}
        defaultValue={1}
      />
      {categories.length > 1 && (
        <Select label={t('choose.category')} name="category" defaultValue={first}>
          <option value="">{t('choose.anyCategory')}</option>
          {categories.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      )}
      <Check label={t('wait.together')} name="together" />
      {accessible.length > 0 && <Check label={t('wait.accessible')} name="accessible" />}
      <Fault error={state.error} />
      <Button type="submit" wide busy={state.busy}>
        {t('wait.joinButton')}
      </Button>
    </Form>
  );
}
