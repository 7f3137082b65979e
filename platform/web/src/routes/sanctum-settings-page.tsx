import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { updateSanctum } from '../api/sdk.gen.ts';
import { Card, PageHeading } from '../components/card.tsx';
import { PageProblem } from '../components/page-problem.tsx';
import { LinesSkeleton } from '../components/skeleton.tsx';
import { SanctumForm } from '../features/sanctums/sanctum-form.tsx';
import { applySanctum, sanctumOptions } from '../features/sanctums/sanctum-queries.ts';
import { useServices } from '../lib/services.tsx';

const route = getRouteApi('/s/$name/settings');

export function SanctumSettingsPage() {
  const { name } = route.useParams();
  const { queryClient } = useServices();
  const navigate = useNavigate();
  const query = useQuery(sanctumOptions(name));
  if (query.isError) return <PageProblem error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <LinesSkeleton />;
  const owns = query.data.role === 'owner';
  return (
    <div className="max-w-[44rem]">
      <title>{`Settings of ${query.data.title} · Sanctum`}</title>
      <PageHeading>Settings of {query.data.title}</PageHeading>
      <Card>
        <SanctumForm
          initial={query.data}
          nameFixed
          visibilityFixed={!owns}
          action="Save"
          onSubmit={async ({ title, description, visibility }) => {
            await applySanctum(
              queryClient,
              await updateSanctum({ path: { name }, body: { title, description, ...(owns ? { visibility } : {}) } }),
            );
            await navigate({ to: '/s/$name', params: { name } });
          }}
        />
      </Card>
    </div>
  );
}
