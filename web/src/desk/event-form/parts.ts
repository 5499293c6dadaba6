/** Parts of the form, in their order, with their ids, which other pages lead to. */
export const FORM_PARTS = {
  what: 'form-what',
  when: 'form-when',
  sale: 'form-sale',
  returns: 'form-returns',
  picture: 'form-picture',
} as const;
export type FormPart = keyof typeof FORM_PARTS;

export const PART_NAMES = Object.keys(FORM_PARTS) as FormPart[];
