/** Short messages at the edge of the screen, read out by screen readers. */
export interface Notice {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
  readonly detail?: string | undefined;
}

const noticesMax = 3;
const noticeVisibleMs = 7000;

export interface Notices {
  show(notice: Omit<Notice, 'id'>): void;
  dismiss(id: number): void;
  current(): readonly Notice[];
  subscribe(listener: () => void): () => void;
}

export function createNotices(): Notices {
  const listeners = new Set<() => void>();
  let shown: readonly Notice[] = [];
  let lastId = 0;
  const replace = (next: readonly Notice[]) => {
    shown = next;
    for (const listener of listeners) listener();
  };
  const dismiss = (id: number) => replace(shown.filter((notice) => notice.id !== id));
  return {
    show(notice) {
      lastId += 1;
      const id = lastId;
      replace([...shown, { ...notice, id }].slice(-noticesMax));
      setTimeout(() => dismiss(id), noticeVisibleMs);
    },
    dismiss,
    current: () => shown,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
