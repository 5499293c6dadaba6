/** Query of a list that grows by a page at a time; `at` names the page, as part of the query of its request. */
export const paged = <Page extends { next: string | null }>(
  read: (at: { cursor?: string }) => Promise<Page>,
) => ({
  queryFn: ({ pageParam }: { pageParam: string | null }) => read(pageParam ? { cursor: pageParam } : {}),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next }: Page) => next,
});
