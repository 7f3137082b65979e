import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, createApp } from './app.tsx';

const element = document.getElementById('root');
if (element === null) throw new Error('index.html has no element with the id "root".');

createRoot(element).render(
  <StrictMode>
    <App {...createApp({ window, fetch: (request) => fetch(request) })} />
  </StrictMode>,
);
