import { type ComponentProps, type ReactNode, useId } from 'react';

const control =
  'w-full rounded-xl border border-edge bg-surface px-3.5 py-2.5 text-base placeholder:text-muted aria-invalid:border-danger aria-invalid:ring-1 aria-invalid:ring-danger';

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
}

/** Ties label, hint and error to a control, so that a screen reader says them together. */
function Frame({ label, hint, error, id, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      {children}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-muted text-sm">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} role="alert" className="text-danger text-sm font-medium">
          {error}
        </p>
      )}
    </div>
  );
}

const described = (id: string, { hint, error }: FieldProps) =>
  [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter(Boolean).join(' ') || undefined;

export function TextField({ label, hint, error, className = '', ...input }: FieldProps & ComponentProps<'input'>) {
  const id = useId();
  return (
    <Frame label={label} hint={hint} error={error} id={id}>
      <input
        {...input}
        id={id}
        aria-invalid={error !== undefined}
        aria-describedby={described(id, { label, hint, error })}
        className={`${control} ${className}`}
      />
    </Frame>
  );
}

export function TextAreaField({ label, hint, error, className = '', ...area }: FieldProps & ComponentProps<'textarea'>) {
  const id = useId();
  return (
    <Frame label={label} hint={hint} error={error} id={id}>
      <textarea
        {...area}
        id={id}
        aria-invalid={error !== undefined}
        aria-describedby={described(id, { label, hint, error })}
        className={`${control} min-h-28 resize-y leading-normal ${className}`}
      />
    </Frame>
  );
}

interface ChoiceProps extends ComponentProps<'input'> {
  readonly title: string;
  readonly detail: string;
}

/** One of several choices, with a line that says what choosing it means. */
export function RadioChoice({ title, detail, ...input }: ChoiceProps) {
  return (
    <label className="border-line has-checked:border-accent has-checked:bg-accent-soft flex cursor-pointer gap-3 rounded-xl border p-3">
      <input {...input} type="radio" className="accent-accent mt-1 size-4" />
      <span>
        <span className="block font-semibold">{title}</span>
        <span className="text-muted text-sm">{detail}</span>
      </span>
    </label>
  );
}
