import type { KeyValueStore } from './key-value-store.ts';

export type ThemeChoice = 'system' | 'light' | 'dark';
export const themeChoices = ['system', 'light', 'dark'] as const satisfies readonly ThemeChoice[];

/** Shared with `public/theme.js`, which applies the choice before the first paint. */
const storageKey = 'sanctum.theme';

export interface Theme {
  choice(): ThemeChoice;
  choose(choice: ThemeChoice): void;
  isDark(): boolean;
  subscribe(listener: () => void): () => void;
}

export interface ThemeDependencies {
  readonly store: KeyValueStore;
  readonly root: HTMLElement;
  readonly prefersDark: Pick<MediaQueryList, 'matches' | 'addEventListener'>;
}

export function createTheme({ store, root, prefersDark }: ThemeDependencies): Theme {
  const listeners = new Set<() => void>();
  const choice = (): ThemeChoice => themeChoices.find((known) => known === store.get(storageKey)) ?? 'system';
  const isDark = () => choice() === 'dark' || (choice() === 'system' && prefersDark.matches);
  const apply = () => {
    root.dataset['theme'] = isDark() ? 'dark' : 'light';
    for (const listener of listeners) listener();
  };
  prefersDark.addEventListener('change', apply);
  apply();
  return {
    choice,
    isDark,
    choose(next) {
      if (next === 'system') store.remove(storageKey);
      else store.set(storageKey, next);
      apply();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
