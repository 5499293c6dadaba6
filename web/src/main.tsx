import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { matchPath } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { startI18n } from './i18n/index.js';
import { loadAhead } from './map/use-seat-map.js';
import { queries } from './queries.js';
import { router } from './routes.js';
import { SessionProvider } from './session.js';
import { eventQuery } from './shop/queries.js';
import './styles/index.css';
import { startTheme } from './theme.js';

startTheme();
await startI18n();
// The slowest request is sent first.
const { params } = matchPath('/events/:id', location.pathname) ?? {};
if (params?.id) {
  loadAhead(params.id);
  void queries.prefetchQuery(eventQuery(params.id));
}
// With the page in it: its code is here by now, and a frame without it would be drawn for nothing.
await new Promise<void>((ready) => {
  if (router.state.initialized) return ready();
  const stop = router.subscribe(({ initialized }) => {
    if (!initialized) return;
    stop();
    ready();
  });
});
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <SessionProvider>
        <RouterProvider router={router} />
      </SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
);
