import { type DragEvent, useEffect, useRef, useState } from 'react';
import { imagePath, imageSizes, USUAL_WIDTH } from '../../../../src/platform/common/image-address.js';
import type { Schemas } from '../../api.js';
import { percent } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { Fault } from '../../ui/states.js';
import { useWork } from '../../ui/use-work.js';
import type { PartProps } from './event-form.js';
import { FORM_PARTS } from './parts.js';
import type { Progress } from './upload.js';

const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/avif'];
/** As the server takes. */
const MOST_MIB = 12;
/** As in `desk.css`. */
const SIZES = '24rem';

/** The uploaded picture of an event, and what can be done with it. */
export interface PictureWork {
  readonly title: string;
  readonly image: Schemas['Event']['image'];
  /** Uploads it, or keeps it until there is an event. */
  take(file: File, progress: Progress): Promise<unknown>;
  remove(): Promise<unknown>;
}

/** The picture of an event: a file, or the address of one elsewhere. */
export function PicturePart({ field, picture }: PartProps & { picture: PictureWork }) {
  const { t } = useTranslation();
  return (
    <section className="card stack" id={FORM_PARTS.picture}>
      <h2>{t('desk.part.picture')}</h2>
      <Upload picture={picture} />
      <details open={Boolean(field('imageUrl').defaultValue || field('imageUrl').fault)}>
        <summary>{t('desk.imageElsewhere')}</summary>
        <Field label={t('desk.image')} hint={t('desk.imageHint')} {...field('imageUrl')} type="url" />
      </details>
    </section>
  );
}

function Upload({ picture: { title, image, take, remove } }: { picture: PictureWork }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [chosen, setChosen] = useState<File>();
  const [fault, setFault] = useState<string>();
  const [share, setShare] = useState(0);
  const { busy, error, run } = useWork();
  const preview = usePreview(chosen);
  const choose = async (file: File | undefined) => {
    if (!file) return;
    const refused = !TYPES.includes(file.type)
      ? t('errors.image_unreadable')
      : file.size > MOST_MIB * 1024 * 1024
        ? t('desk.imageTooHeavy', { most: MOST_MIB })
        : undefined;
    setFault(refused);
    if (refused) return;
    setChosen(file);
    setShare(0);
    if (!(await run(() => take(file, setShare)))) setChosen(undefined);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void choose(event.dataTransfer.files[0]);
  };
  const discard = async () => {
    if (await run(remove)) setChosen(undefined);
  };
  const shown = preview ?? (image ? imagePath(image, USUAL_WIDTH) : undefined);
  return (
    <section
      className={over ? 'drop over' : 'drop'}
      aria-label={t('desk.uploadPicture')}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {shown && (
        <img
          className="poster"
          src={shown}
          srcSet={!preview && image ? imageSizes(image) : undefined}
          sizes={SIZES}
          alt={title}
        />
      )}
      <span className="small soft">{t('desk.uploadPictureText', { most: MOST_MIB })}</span>
      <div className="row">
        <Button disabled={busy} onClick={() => input.current?.click()}>
          {t(shown ? 'desk.otherPicture' : 'desk.choosePicture')}
        </Button>
        {shown && (
          <Button look="quiet" disabled={busy} onClick={discard}>
            {t('desk.removePicture')}
          </Button>
        )}
      </div>
      <input
        ref={input}
        hidden
        type="file"
        accept={TYPES.join(',')}
        aria-label={t('desk.choosePicture')}
        onChange={({ target }) => {
          void choose(target.files?.[0]);
          // The same file can be chosen again.
          target.value = '';
        }}
      />
      {busy && (
        <div className="row" role="status">
          <progress value={share} aria-label={t('desk.uploading')} />
          <span className="small numbers">{percent(Math.floor(share * 100) / 100)}</span>
        </div>
      )}
      {fault ? (
        <p className="notice danger" role="alert">
          {fault}
        </p>
      ) : (
        <Fault error={error} />
      )}
    </section>
  );
}

/** Address of a file of this computer. */
function usePreview(file: File | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!file) return setUrl(undefined);
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url;
}
