import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { type PlanDraft, readPlan } from './plan-file.js';
import { PlanReview } from './plan-review.js';

/** A file with a plan, chosen or dropped, and what is in it before it is imported. */
export function PlanUpload({ venueId }: { venueId: string }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [draft, setDraft] = useState<PlanDraft>();
  const [fault, setFault] = useState('');
  const take = async (files: FileList | null) => {
    if (!files?.length) return;
    setDraft(undefined);
    setFault('');
    try {
      const read = await readPlan(files);
      if (read) setDraft(read);
      else setFault(t('desk.fileWithoutPlan'));
    } catch (error) {
      setFault(t('desk.fileUnreadable', { reason: (error as Error).message }));
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files);
  };
  if (draft) return <PlanReview venueId={venueId} draft={draft} done={() => setDraft(undefined)} />;
  return (
    <section
      className={over ? 'drop over' : 'drop'}
      aria-label={t('desk.upload')}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <strong>{t('desk.upload')}</strong>
      <span className="small soft">{t('desk.uploadText')}</span>
      <Button onClick={() => input.current?.click()}>{t('desk.chooseFile')}</Button>
      <input
        ref={input}
        hidden
        type="file"
        accept=".json,application/json"
        multiple
        aria-label={t('desk.chooseFile')}
        onChange={({ target }) => {
          void take(target.files).finally(() => {
            // The same file can be chosen again after it was mended.
            target.value = '';
          });
        }}
      />
      {fault && (
        <p className="notice danger" role="alert">
          {fault}
        </p>
      )}
    </section>
  );
}
