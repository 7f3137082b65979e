import { InfoDialog } from '../components/dialog.tsx';

const keys = [
  ['j, k', 'next, previous post in a feed'],
  ['Enter', 'open the post that has the focus'],
  ['l', 'like the post or comment that has the focus'],
  ['r', 'reply to the comment that has the focus'],
  ['↑ ↓', 'previous, next comment'],
  ['← →', 'fold, unfold the replies'],
  ['/', 'search'],
  ['?', 'this help'],
] as const;

export function HelpDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <InfoDialog open={open} onOpenChange={onOpenChange} title="Keyboard">
      <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-5 gap-y-2.5">
        {keys.map(([key, meaning]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="border-line bg-raised rounded-md border px-2 py-0.5 font-mono text-sm">{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </InfoDialog>
  );
}
