import { type ComponentProps, type ReactNode, useId } from 'react';

interface Labels {
  label: ReactNode;
  hint?: ReactNode;
  fault?: string | undefined;
}

function Labelled({ id, label, hint, fault, children }: Labels & { id: string; children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {fault && (
        <span className="fault" id={`${id}-fault`}>
          {fault}
        </span>
      )}
    </div>
  );
}

const described = (id: string, { hint, fault }: Labels) => ({
  'aria-describedby': [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined,
  'aria-invalid': fault ? true : undefined,
});

export function Field({ label, hint, fault, ...rest }: ComponentProps<'input'> & Labels) {
  const id = useId();
  const labels = { label, hint, fault };
  return (
    <Labelled id={id} {...labels}>
      <input {...rest} id={id} className="input" {...described(id, labels)} />
    </Labelled>
  );
}

export function TextArea({ label, hint, fault, ...rest }: ComponentProps<'textarea'> & Labels) {
  const id = useId();
  const labels = { label, hint, fault };
  return (
    <Labelled id={id} {...labels}>
      <textarea {...rest} id={id} className="input" {...described(id, labels)} />
    </Labelled>
  );
}

export function Select({ label, hint, fault, ...rest }: ComponentProps<'select'> & Labels) {
  const id = useId();
  const labels = { label, hint, fault };
  return (
    <Labelled id={id} {...labels}>
      <select {...rest} id={id} className="input" {...described(id, labels)} />
    </Labelled>
  );
}

export function Check({ label, ...rest }: ComponentProps<'input'> & { label: ReactNode }) {
  return (
    <label className="check">
      <input type="checkbox" {...rest} />
      <span>{label}</span>
    </label>
  );
}
