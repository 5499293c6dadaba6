import { type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from '../../i18n/index.js';
import { useErrorText } from '../../ui/errors.js';
import { type Faults, fieldsIn } from './field-checks.js';

interface Props {
  form: RefObject<HTMLFormElement | null>;
  faults: Faults;
  /** Refusal of the server, which may be about no field. */
  error: unknown;
  /** Counts the tries: each that fails brings the focus here. */
  tries: number;
}

/** Everything that is wrong, above the form, with the way to each field. */
export function FaultSummary({ form, faults, error, tries }: Props) {
  const { t } = useTranslation();
  const text = useErrorText();
  const box = useRef<HTMLDivElement>(null);
  const fields = Object.entries(faults);
  const shown = fields.length > 0 || error !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each try that fails is one more reason
  useEffect(() => {
    if (shown) box.current?.focus();
  }, [tries, shown]);
  if (!shown) return null;
  const fieldOf = (name: string) => form.current && fieldsIn(form.current).find((one) => one.name === name);
  return (
    <div className="notice danger" role="alert" tabIndex={-1} ref={box}>
      <strong>{fields.length > 0 ? t('desk.faults', { count: fields.length }) : text(error)}</strong>
      {fields.length > 0 && (
        <ul className="stack tight">
          {fields.map(([name, fault]) => {
            const field = fieldOf(name);
            const said = `${field?.labels?.[0]?.textContent ?? name}: ${fault}`;
            return (
              <li key={name}>
                {field ? (
                  <a
                    href={`#${field.id}`}
                    onClick={(event) => {
                      event.preventDefault();
                      field.focus();
                    }}
                  >
                    {said}
                  </a>
                ) : (
                  said
                )}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
