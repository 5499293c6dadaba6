import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter, matchPath } from 'react-router';
import { startI18n } from './i18n/index.js';
import { loadAhead } from './map/use-seat-map.js';
import { queries } from './queries.js';
import { loadPage, Pages } from './routes.js';
import { SessionProvider } from './session.js';
import { eventQuery, upcomingQuery } from './shop/queries.js';
import './styles/index.css';
import { startTheme } from './theme.js';

/** Code or data that take longer are waited for inside of the app. */
const PATIENCE_MS = 5_000;

startTheme();
await startI18n();
// The slowest request is sent first.
const id = matchPath('/events/:id', location.pathname)?.params.id;
if (id) loadAhead(id);
const data = id
  ? queries.prefetchQuery(eventQuery(id))
  : location.pathname === '/' && !location.search && queries.prefetchQuery(upcomingQuery);
// With the page in it: its code and data are here by then, and what the server has written stays until they are.
const late = new Promise((done) => setTimeout(done, PATIENCE_MS));
await Promise.race([Promise.all([loadPage(location.pathname), data]), late]);
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <SessionProvider>
        <BrowserRouter>
          <Pages />
        </BrowserRouter>
      </SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
);
