import { useEffect, useRef } from 'react';

/** For a form that opens because a person pressed its button: the focus follows them into it. */
export function useFocusOnMount<E extends HTMLElement>(wanted: boolean) {
  const element = useRef<E>(null);
  useEffect(() => {
    if (wanted) element.current?.focus();
  }, [wanted]);
  return element;
}
