import type { SeatMap } from '@evently/client';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api.js';
import { money } from '../format.js';
import { Button } from '../ui/button.js';
import { Check, Field, Select } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import type { Hold } from './hold.js';

/** Leaves it to the server which seats are best. */
export function Best({ event, map, hold }: { event: Schemas['Event']; map: SeatMap; hold: Hold }) {
  const { t } = useTranslation();
  const { categories, accessible } = map.geometry;
  const submit = (data: FormData) => {
    const category = textOf(data, 'category');
    return hold.best({
      quantity: Number(textOf(data, 'quantity')),
      ...(category && { categories: [category] }),
      ...(data.has('together') && { together: true }),
      ...(data.has('accessible') && { accessible: true }),
    });
  };
  return (
    <details className="card best">
      <summary>
        <h3>{t('choose.best')}</h3>
        <span className="small soft">{t('choose.bestText')}</span>
      </summary>
      <Form submit={submit} className="stack">
        <Field
          label={t('choose.howMany')}
          name="quantity"
          type="number"
          inputMode="numeric"
          min={1}
          max={event.maxSeatsPerBooking}
          defaultValue={Math.min(2, event.maxSeatsPerBooking)}
          required
        />
        <Select label={t('choose.category')} name="category" defaultValue="">
          <option value="">{t('choose.anyCategory')}</option>
          {categories.map(({ name }) => {
            const price = map.priceOfCategory(name);
            return (
              price !== undefined && (
                <option key={name} value={name}>
                  {name} · {money(price, event.currency)}
                </option>
              )
            );
          })}
        </Select>
        <Check label={t('choose.together')} name="together" defaultChecked />
        {accessible.length > 0 && <Check label={t('choose.needAccessible')} name="accessible" />}
        <Button type="submit" busy={hold.busy} wide>
          {t('choose.find')}
        </Button>
      </Form>
    </details>
  );
}
