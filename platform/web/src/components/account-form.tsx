import type { ReactNode } from 'react';
import { LogoMark } from './logo.tsx';

/** The quiet frame of signing in and up. */
export function AccountFrame({ title, children, aside }: { title: string; children: ReactNode; aside: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-md flex-col gap-6 py-4 sm:py-10">
      <div className="flex items-center gap-3">
        <LogoMark className="size-11" />
        <h1 className="text-3xl font-bold">{title}</h1>
      </div>
      {children}
      <div className="text-muted">{aside}</div>
    </div>
  );
}
