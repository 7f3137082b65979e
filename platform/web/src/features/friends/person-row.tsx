import type { ReactNode } from 'react';
import { PersonEmblem } from '../../components/emblem.tsx';
import { PersonName } from '../../components/person-name.tsx';

interface PersonRowProps {
  readonly person: { readonly username: string; readonly displayName: string };
  /** What is said of the person, below the name. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

export function PersonRow({ person, children, actions }: PersonRowProps) {
  return (
    <li className="flex flex-wrap items-center gap-3 p-3 sm:px-5">
      <PersonEmblem name={person.username} size="medium" />
      <div className="min-w-0 flex-1 basis-48">
        <p>
          <PersonName person={person} />
        </p>
        {children !== undefined && <p className="text-muted text-sm break-words">{children}</p>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
    </li>
  );
}

export function PersonList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="border-line bg-surface divide-line divide-y rounded-2xl border">
      {children}
    </ul>
  );
}
