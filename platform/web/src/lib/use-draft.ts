import { useCallback, useState } from 'react';
import { useMe } from '../features/auth/me.ts';
import { useServices } from './services.tsx';

/** Text that survives errors, reloads and an ended session, kept per person and place. */
export function useDraft(place: string): { text: string; write: (text: string) => void; clear: () => void } {
  const { drafts } = useServices();
  const key = `${useMe()?.username ?? 'anonymous'}:${place}`;
  const [state, setState] = useState(() => ({ key, text: drafts.read(key) }));
  const text = state.key === key ? state.text : drafts.read(key);
  const write = useCallback(
    (next: string) => {
      drafts.write(key, next);
      setState({ key, text: next });
    },
    [drafts, key],
  );
  const clear = useCallback(() => write(''), [write]);
  return { text, write, clear };
}
