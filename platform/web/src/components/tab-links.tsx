import type { ReactNode } from 'react';

/** Classes of one link in a row of links of which one is current. */
export const tabLinkClass =
  'rounded-full px-3.5 py-1.5 text-[0.95rem] font-semibold text-muted transition-colors hover:bg-raised hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent';

/** A link is current only when its whole address is; else the default, which has no parameter, would match every choice. */
export const exactly = { exact: true } as const;

export function TabLinks({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className="mb-3 flex flex-wrap gap-1">
      {children}
    </nav>
  );
}
