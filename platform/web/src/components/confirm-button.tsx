import { type ComponentProps, type ReactNode, Suspense, lazy, useState } from 'react';
import { ActionButton } from './button.tsx';

const ConfirmDialog = lazy(async () => ({ default: (await import('./dialog.tsx')).ConfirmDialog }));

interface ConfirmButtonProps extends Omit<ComponentProps<'button'>, 'onClick'> {
  readonly question: string;
  readonly consequence: ReactNode;
  readonly confirm: string;
  readonly onConfirm: () => void;
}

/** A small action that asks first. The dialog's code is loaded when it is first needed. */
export function ConfirmButton({ question, consequence, confirm, onConfirm, ...button }: ConfirmButtonProps) {
  const [asked, setAsked] = useState(false);
  const [open, setOpen] = useState(false);
  return (
    <>
      <ActionButton
        {...button}
        onClick={() => {
          setAsked(true);
          setOpen(true);
        }}
      />
      {asked && (
        <Suspense>
          <ConfirmDialog open={open} onOpenChange={setOpen} title={question} confirm={confirm} onConfirm={onConfirm}>
            {consequence}
          </ConfirmDialog>
        </Suspense>
      )}
    </>
  );
}
