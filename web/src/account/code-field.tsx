import { Field } from '../ui/field.js';

/** Field for six digits of an authenticator app, which browsers and password managers fill in. */
export function CodeField({ label, autoFocus = false }: { label: string; autoFocus?: boolean }) {
  return (
    <Field
      label={label}
      name="code"
      inputMode="numeric"
      autoComplete="one-time-code"
      pattern="\s*\d{3}\s*\d{3}\s*"
      maxLength={10}
      autoFocus={autoFocus}
      required
    />
  );
}
