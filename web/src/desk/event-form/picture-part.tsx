import { useTranslation } from '../../i18n/index.js';
import { Field } from '../../ui/field.js';
import type { PartProps } from './event-form.js';
import { FORM_PARTS } from './parts.js';

/** The picture of an event. */
export function PicturePart({ field }: PartProps) {
  const { t } = useTranslation();
  return (
    <section className="card stack" id={FORM_PARTS.picture}>
      <h2>{t('desk.part.picture')}</h2>
      <Field label={t('desk.image')} hint={t('desk.imageHint')} {...field('imageUrl')} type="url" />
    </section>
  );
}
