import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { MemoryRouter } from 'react-router';
import { startI18n } from '../i18n/index.js';
import { queries } from '../queries.js';
import { SessionProvider } from '../session.js';
import '../styles/index.css';
import { startTheme } from '../theme.js';
import './embed.css';
import { Embed } from './embed.js';

startTheme();
document.documentElement.dataset.ground = new URLSearchParams(location.search).get('ground') ?? '';
await startI18n();
const eventId = location.pathname.split('/').at(-1)!;
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <SessionProvider>
        <MemoryRouter initialEntries={[`/events/${eventId}`]}>
          <Embed />
        </MemoryRouter>
      </SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
);
