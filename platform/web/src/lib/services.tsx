import type { QueryClient } from '@tanstack/react-query';
import { type ReactNode, createContext, use } from 'react';
import type { Drafts } from './drafts.ts';
import type { Notices } from './notices.ts';
import type { SessionHint } from './session-hint.ts';
import type { Theme } from './theme.ts';

/** What the screens depend on besides the API. Built once in `main.tsx`, or by a test. */
export interface Services {
  readonly queryClient: QueryClient;
  readonly hint: SessionHint;
  readonly drafts: Drafts;
  readonly notices: Notices;
  readonly theme: Theme;
}

const ServicesContext = createContext<Services | null>(null);

export function ServicesProvider({ services, children }: { services: Services; children: ReactNode }) {
  return <ServicesContext value={services}>{children}</ServicesContext>;
}

export function useServices(): Services {
  const services = use(ServicesContext);
  if (services === null) throw new Error('useServices needs a ServicesProvider above it.');
  return services;
}
