import { useState } from 'react';
import { categoryNames } from '../../../../src/platform/common/event-categories.js';
import { language, useTranslation } from '../../i18n/index.js';
import { Check, Field, TextArea } from '../../ui/field.js';
import { Prose } from '../../ui/prose.js';
import type { PartProps } from './event-form.js';
import { FORM_PARTS } from './parts.js';

/** Id of the list of categories that buyers see in their language. */
const SUGGESTED = 'categories';

/** Title, kind and text of an event, and who it is for. */
export function WhatPart({ field, isNew }: PartProps & { isNew: boolean }) {
  const { t } = useTranslation();
  return (
    <section className="card stack" id={FORM_PARTS.what}>
      <h2>{t('desk.part.what')}</h2>
      {isNew && (
        <Check
          label={
            <span className="stack tight">
              <span>{t('desk.sandbox')}</span>
              <span className="small soft">{t('desk.sandboxHint')}</span>
            </span>
          }
          name="sandbox"
          defaultChecked={field('sandbox').defaultValue === 'on'}
        />
      )}
      <Field label={t('desk.title')} {...field('title')} maxLength={200} required />
      <Field
        label={t('desk.category')}
        hint={t('desk.categoryHint')}
        {...field('category')}
        maxLength={60}
        list={SUGGESTED}
        required
      />
      <datalist id={SUGGESTED}>
        {categoryNames(language()).map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Description field={field} />
      <div className="columns">
        <Field
          label={t('desk.minAge')}
          hint={t('desk.unsaid')}
          {...field('minAge')}
          type="number"
          min={0}
          max={99}
        />
        <Field
          label={t('desk.duration')}
          hint={t('desk.durationHint')}
          {...field('durationMinutes')}
          type="number"
          min={1}
          max={10_080}
        />
      </div>
    </section>
  );
}

function Description({ field }: PartProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(field('description').defaultValue ?? '');
  return (
    <>
      <TextArea
        label={t('desk.description')}
        hint={t('desk.descriptionHint')}
        {...field('description')}
        rows={6}
        maxLength={10_000}
        onChange={({ target }) => setText(target.value)}
      />
      <details>
        <summary>{t('desk.descriptionPreview')}</summary>
        <div className="notice">{text.trim() ? <Prose markdown={text} /> : t('desk.noDescription')}</div>
      </details>
    </>
  );
}
