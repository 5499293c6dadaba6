import type { ComponentType } from 'react';
import { matchRoutes, Outlet, type RouteObject } from 'react-router';
import type { Schemas } from '../api.js';
import { Private } from '../session.js';
import { NotForYou } from './broken.js';
import { Code, type LoadPage, loadCode } from './code.js';

/** A page whose code is fetched when it is first opened; `children` are shown within it. */
export const page = <Name extends string>(
  path: string,
  fetchModule: () => Promise<Record<Name, ComponentType>>,
  name: Name,
  children?: RouteObject[],
): RouteObject => {
  const load = async () => (await fetchModule())[name];
  return { path, element: <Code load={load} />, handle: load, children };
};

export const privately = (children: RouteObject[], roles?: Schemas['Account']['role'][]): RouteObject => ({
  element: (
    <Private roles={roles} others={<NotForYou />}>
      <Outlet />
    </Private>
  ),
  children,
});

/** Fetches the code of the page at an address, with that of the frames around it. */
export async function loadPageOf(routes: RouteObject[], path: string): Promise<void> {
  const loads = (matchRoutes(routes, path) ?? []).flatMap(({ route }) => (route.handle as LoadPage) ?? []);
  await Promise.allSettled(loads.map(loadCode));
}
