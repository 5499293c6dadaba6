/** Changed fields only: untouched fields are not sent, so that a start time with seconds does not move. */
export const changesOf = <Body extends object>(before: NoInfer<Body>, after: Body): Partial<Body> =>
  Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof Body]),
    ),
  ) as Partial<Body>;
