import type { ComponentProps } from 'react';

const base =
  'inline-flex min-h-10 items-center justify-center gap-2 rounded-full px-4 py-1.5 text-[0.95rem] font-semibold transition-colors disabled:opacity-60 aria-disabled:opacity-60';

const looks = {
  solid: 'bg-accent text-on-accent hover:bg-accent-strong',
  soft: 'bg-accent-soft text-accent hover:bg-line',
  quiet: 'text-muted hover:bg-raised hover:text-ink',
  outline: 'border border-edge text-ink hover:bg-raised',
  danger: 'bg-danger text-surface hover:opacity-90',
} as const;

export type ButtonLook = keyof typeof looks;

/** The classes of a button, for links that look like one. */
export const buttonClass = (look: ButtonLook = 'solid', extra = '') => `${base} ${looks[look]} ${extra}`;

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: ButtonLook;
  /** Something is under way; the button keeps its place and its words. */
  readonly busy?: boolean;
}

export function Button({ look = 'solid', busy = false, className = '', type = 'button', disabled, ...rest }: ButtonProps) {
  return <button {...rest} type={type} disabled={disabled === true || busy} aria-busy={busy} className={buttonClass(look, className)} />;
}

/** A small action under a post or comment. */
export function ActionButton({ className = '', type = 'button', ...rest }: ComponentProps<'button'>) {
  return (
    <button
      {...rest}
      type={type}
      className={`text-muted hover:bg-raised hover:text-ink inline-flex min-h-8 items-center gap-1.5 rounded-full px-2.5 text-sm font-medium transition-colors disabled:opacity-60 ${className}`}
    />
  );
}
