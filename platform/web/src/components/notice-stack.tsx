import { useSyncExternalStore } from 'react';
import { useServices } from '../lib/services.tsx';
import { CloseIcon } from './icons.tsx';

export function NoticeStack() {
  const { notices } = useServices();
  const shown = useSyncExternalStore(notices.subscribe, notices.current);
  return (
    <div
      aria-live="polite"
      role="log"
      aria-label="Messages"
      className="pointer-events-none fixed inset-x-3 bottom-20 z-40 flex flex-col items-center gap-2 lg:bottom-6"
    >
      {shown.map((notice) => (
        <div
          key={notice.id}
          className={`bg-surface pointer-events-auto flex max-w-md items-start gap-3 rounded-xl border py-2.5 pr-2 pl-4 shadow-lg ${notice.tone === 'bad' ? 'border-danger' : 'border-accent'}`}
        >
          <p className="py-1">
            <span className="font-semibold">{notice.text}</span> {notice.detail}
          </p>
          <button
            type="button"
            className="hover:bg-raised rounded-full p-1.5"
            onClick={() => notices.dismiss(notice.id)}
            aria-label="Dismiss message"
          >
            <CloseIcon />
          </button>
        </div>
      ))}
    </div>
  );
}
