import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startI18n } from '../i18n/index.js';
import '../styles/index.css';
import { startTheme } from '../theme.js';
import { Toasts } from '../ui/toasts.js';
import './embed.css';
import { Embed } from './embed.js';

startTheme();
await startI18n();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Toasts>
      <Embed eventId={location.pathname.split('/').at(-1)!} />
    </Toasts>
  </StrictMode>,
);
