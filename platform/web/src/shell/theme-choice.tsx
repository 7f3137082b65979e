import { useId, useSyncExternalStore } from 'react';
import { MoonIcon, SunIcon } from '../components/icons.tsx';
import { useServices } from '../lib/services.tsx';
import { themeChoices } from '../lib/theme.ts';

const names = { system: 'Auto', light: 'Light', dark: 'Dark' } as const;

/** One press between light and dark, where there is room for one button only. */
export function ThemeToggle() {
  const { theme } = useServices();
  const dark = useSyncExternalStore(theme.subscribe, theme.isDark);
  return (
    <button
      type="button"
      aria-pressed={dark}
      aria-label="Dark colours"
      onClick={() => theme.choose(dark ? 'light' : 'dark')}
      className="text-muted hover:bg-raised hover:text-ink rounded-full p-2.5"
    >
      {dark ? <SunIcon /> : <MoonIcon />}
    </button>
  );
}

export function ThemeChoice() {
  const { theme } = useServices();
  // Phone and desktop each have one; radios of the same name would uncheck each other.
  const name = useId();
  const choice = useSyncExternalStore(theme.subscribe, theme.choice);
  return (
    <fieldset className="border-line bg-surface flex w-fit rounded-full border p-0.5">
      <legend className="sr-only">Colours</legend>
      {themeChoices.map((option) => (
        <label
          key={option}
          className="text-muted has-checked:bg-accent-soft has-checked:text-accent has-focus-visible:outline-accent cursor-pointer rounded-full px-3 py-1 text-sm font-medium has-focus-visible:outline-2"
        >
          <input type="radio" name={name} className="sr-only" checked={choice === option} onChange={() => theme.choose(option)} />
          {names[option]}
        </label>
      ))}
    </fieldset>
  );
}
