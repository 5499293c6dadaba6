import type { ComponentProps } from 'react';

/** A form that this page handles. */
export function Form({
  submit,
  ...rest
}: Omit<ComponentProps<'form'>, 'onSubmit'> & { submit: (data: FormData) => unknown }) {
  return (
    <form
      {...rest}
      onSubmit={(event) => {
        event.preventDefault();
        void submit(new FormData(event.currentTarget));
      }}
    />
  );
}

/** The text of a field. */
export const textOf = (data: FormData, name: string): string => String(data.get(name) ?? '').trim();
