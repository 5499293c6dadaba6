import type { ComponentProps } from 'react';
import { Link, type LinkProps } from 'react-router';

type Look = 'main' | 'danger' | 'quiet' | 'plain';

interface Looks {
  look?: Look;
  wide?: boolean;
}

const classes = (look: Look, wide: boolean, more = '') =>
  ['button', look !== 'plain' && look, wide && 'wide', more].filter(Boolean).join(' ');

/** `busy`: its work is under way, so it does nothing more. */
export function Button({
  look = 'plain',
  wide = false,
  busy = false,
  className,
  disabled,
  ...rest
}: ComponentProps<'button'> & Looks & { busy?: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      className={classes(look, wide, className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
    />
  );
}

export function ButtonLink({ look = 'plain', wide = false, className, ...rest }: LinkProps & Looks) {
  return <Link {...rest} className={classes(look, wide, className)} />;
}
