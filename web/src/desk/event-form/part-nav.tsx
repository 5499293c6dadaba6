import { useEffect, useRef, useState } from 'react';
import { useTranslation } from '../../i18n/index.js';
import { FORM_PARTS, type FormPart, PART_NAMES } from './parts.js';

/** The part that is read is the last one that begins in the upper third of the window. */
const READ_FROM = '0px 0px -67% 0px';

/** Leads to the parts of the form, and tells which one is in view and where something is wrong. */
export function PartNav({ faulty }: { faulty: ReadonlySet<FormPart> }) {
  const { t } = useTranslation();
  const current = usePartInView();
  const list = useRef<HTMLOListElement>(null);
  // On a phone they are wider than the screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another part has another link
  useEffect(() => {
    const box = list.current!;
    const link = box.querySelector<HTMLElement>('[aria-current]')!;
    box.scrollLeft = link.offsetLeft + link.offsetWidth / 2 - box.clientWidth / 2;
  }, [current]);
  return (
    <nav className="part-nav" aria-label={t('desk.parts')}>
      <ol className="chips line" ref={list}>
        {PART_NAMES.map((part) => (
          <li key={part}>
            <a
              className="chip"
              href={`#${FORM_PARTS[part]}`}
              aria-current={current === part ? 'step' : undefined}
            >
              {t(`desk.part.${part}`)}
              {faulty.has(part) && (
                <span className="sign" role="img" aria-label={t('desk.check.look')}>
                  !
                </span>
              )}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function usePartInView(): FormPart {
  const [current, setCurrent] = useState<FormPart>('what');
  useEffect(() => {
    const begun = new Set<FormPart>();
    const watch = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const part = PART_NAMES.find((name) => FORM_PARTS[name] === target.id)!;
          if (isIntersecting) begun.add(part);
          else begun.delete(part);
        }
        // None has begun above the first one.
        setCurrent(PART_NAMES.findLast((name) => begun.has(name)) ?? 'what');
      },
      { rootMargin: READ_FROM },
    );
    for (const part of PART_NAMES) {
      const section = document.getElementById(FORM_PARTS[part]);
      if (section) watch.observe(section);
    }
    return () => watch.disconnect();
  }, []);
  return current;
}
