import { useMutation, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { updatePrivacy } from '../../api/sdk.gen.ts';
import { ProblemNote } from '../../components/problem-note.tsx';
import { LinesSkeleton } from '../../components/skeleton.tsx';
import type { Privacy } from '../../lib/model.ts';
import { toProblem } from '../../lib/problem.ts';
import { useServices } from '../../lib/services.tsx';
import { privacyOptions } from './friend-queries.ts';

const requestChoices: readonly (readonly [Privacy['friendRequestsFrom'], string])[] = [
  ['everybody', 'Everybody'],
  ['sanctums', 'People in one of my sanctums'],
  ['nobody', 'Nobody'],
];
const presenceChoices: readonly (readonly [Privacy['presenceShownTo'], string])[] = [
  ['everybody', 'Everybody'],
  ['friends', 'My friends'],
  ['nobody', 'Nobody'],
];

/** Each choice is saved when it is made. */
export function PrivacyForm() {
  const { queryClient, notices } = useServices();
  const hintId = useId();
  const query = useQuery(privacyOptions);
  // What was chosen shows in the same moment, and falls back when it could not be saved.
  const [chosen, setChosen] = useState<Partial<Privacy>>({});
  const save = useMutation({
    mutationFn: (body: Partial<Privacy>) => updatePrivacy({ body }),
    onSuccess: (changed) => {
      queryClient.setQueryData(privacyOptions.queryKey, changed);
      notices.show({ tone: 'good', text: 'Your choice is saved.' });
    },
    onError: (error) => notices.show({ tone: 'bad', text: toProblem(error).message, detail: toProblem(error).fix }),
    onSettled: (_saved, _error, body) =>
      setChosen((now) => Object.fromEntries(Object.entries(now).filter(([choice]) => !(choice in body)))),
  });
  const choose = (body: Partial<Privacy>) => {
    setChosen((now) => ({ ...now, ...body }));
    save.mutate(body);
  };
  if (query.isError && query.data === undefined) return <ProblemNote error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <LinesSkeleton />;
  const privacy = { ...query.data, ...chosen };
  return (
    <div className="flex flex-col gap-5">
      <Choice
        label="Who may ask you to be friends"
        choices={requestChoices}
        value={privacy.friendRequestsFrom}
        onChoose={(friendRequestsFrom) => choose({ friendRequestsFrom })}
      />
      <Choice
        label="Who sees whether you are here"
        choices={presenceChoices}
        value={privacy.presenceShownTo}
        onChoose={(presenceShownTo) => choose({ presenceShownTo })}
      />
      <div>
        <label className="flex min-h-9 items-center gap-3 font-semibold">
          <input
            type="checkbox"
            className="accent-accent size-5 shrink-0"
            checked={privacy.receiptsShown}
            aria-describedby={hintId}
            onChange={(event) => choose({ receiptsShown: event.target.checked })}
          />
          Show what you have read
        </label>
        <p id={hintId} className="text-muted pl-8 text-sm">
          Without it you do not see what others have read either.
        </p>
      </div>
    </div>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly choices: readonly (readonly [T, string])[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

function Choice<T extends string>({ label, choices, value, onChoose }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1 font-semibold">{label}</legend>
      {choices.map(([choice, text]) => (
        <label key={choice} className="flex min-h-9 items-center gap-3">
          <input
            type="radio"
            name={name}
            className="accent-accent size-5 shrink-0"
            checked={choice === value}
            onChange={() => onChoose(choice)}
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
