import type { ReactNode } from 'react';

export function Card({ children, className = '' }: { children: ReactNode; className?: string }) {
  return <section className={`border-line bg-surface rounded-2xl border p-4 sm:p-5 ${className}`}>{children}</section>;
}

export function PageHeading({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  return (
    <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
      <h1 className="text-2xl font-bold sm:text-[1.75rem]">{children}</h1>
      {actions}
    </div>
  );
}

/** Nothing is here yet, and what one can do about it. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="border-line bg-surface flex flex-col items-center gap-3 rounded-2xl border border-dashed px-6 py-12 text-center">
      <svg aria-hidden="true" viewBox="0 0 48 48" className="text-edge size-12" fill="none" stroke="currentColor" strokeWidth="2">
        <path d="M10 43V21a14 14 0 0 1 28 0v22z" />
        <path d="M18 43V25a6 6 0 0 1 12 0v18" />
      </svg>
      <h2 className="text-lg font-semibold">{title}</h2>
      {children !== undefined && <p className="text-muted max-w-[42ch]">{children}</p>}
      {action}
    </div>
  );
}
