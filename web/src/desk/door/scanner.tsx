import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { readCodes } from './qr-reader.js';

/** The camera, once it is switched on. */
export function Scanner({ found }: { found: (text: string) => void }) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const [on, setOn] = useState(false);
  const [failed, setFailed] = useState(false);
  const onCode = useEffectEvent((text: string) => found(text));

  useEffect(() => {
    if (!on) return;
    let gone = false;
    let stop: (() => void) | undefined;
    readCodes(video.current!, (text) => onCode(text)).then(
      (stopping) => {
        if (gone) stopping();
        else stop = stopping;
      },
      () => {
        setOn(false);
        setFailed(true);
      },
    );
    return () => {
      gone = true;
      stop?.();
    };
  }, [on]);

  return (
    <div className="stack">
      {on && <video ref={video} className="scanner" playsInline muted aria-label={t('gate.camera')} />}
      {failed && <p className="notice warm">{t('gate.noCamera')}</p>}
      <Button
        wide
        onClick={() => {
          setFailed(false);
          setOn(!on);
        }}
      >
        {on ? t('gate.cameraOff') : t('gate.cameraOn')}
      </Button>
    </div>
  );
}
