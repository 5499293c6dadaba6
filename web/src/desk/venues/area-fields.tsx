import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { CrossIcon } from '../../ui/icons.js';
import type { Area } from './plan-file.js';

/** Places without seats: as many areas as the hall has. */
export function AreaFields({ areas, change }: { areas: readonly Area[]; change: (areas: Area[]) => void }) {
  const { t } = useTranslation();
  const replace = (at: number, area: Area) => change(areas.map((old, i) => (i === at ? area : old)));
  return (
    <fieldset className="stack tight">
      <legend className="label">{t('desk.areas')}</legend>
      {areas.map((area, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names change while they are typed
        <div key={at} className="row end">
          <div className="grow">
            <Field
              label={t('desk.areaName')}
              value={area.name}
              onChange={({ target }) => replace(at, { ...area, name: target.value })}
            />
          </div>
          <Field
            label={t('desk.areaPlaces')}
            type="number"
            min={1}
            value={area.capacity}
            onChange={({ target }) => replace(at, { ...area, capacity: Number(target.value) })}
          />
          <Button
            className="icon"
            look="quiet"
            aria-label={t('desk.areaRemove', { area: area.name })}
            onClick={() => change(areas.filter((_, i) => i !== at))}
          >
            <CrossIcon />
          </Button>
        </div>
      ))}
      <div>
        <Button onClick={() => change([...areas, { name: '', capacity: 100 }])}>{t('desk.areaAdd')}</Button>
      </div>
    </fieldset>
  );
}
