import { useNavigate } from '@tanstack/react-router';
import { createSanctum } from '../api/sdk.gen.ts';
import { Card, PageHeading } from '../components/card.tsx';
import { SanctumForm } from '../features/sanctums/sanctum-form.tsx';
import { applySanctum } from '../features/sanctums/sanctum-queries.ts';
import { useServices } from '../lib/services.tsx';
import { useSubmissionKey } from '../lib/submission-key.ts';

export function CreateSanctumPage() {
  const { queryClient } = useServices();
  const navigate = useNavigate();
  const submission = useSubmissionKey();
  return (
    <div className="max-w-[44rem]">
      <title>Create a sanctum · Sanctum</title>
      <PageHeading>Create a sanctum</PageHeading>
      <Card>
        <SanctumForm
          initial={{ name: '', title: '', description: '', visibility: 'public' }}
          nameFixed={false}
          action="Create sanctum"
          onSubmit={async (body) => {
            const sanctum = await createSanctum({ body, headers: submission.headersFor(body) });
            submission.accepted();
            await applySanctum(queryClient, sanctum);
            await navigate({ to: '/s/$name', params: { name: sanctum.name } });
          }}
        />
      </Card>
    </div>
  );
}
