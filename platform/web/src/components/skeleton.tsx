const Bar = ({ className }: { className: string }) => <div className={`bg-raised animate-pulse rounded-md ${className}`} />;

/** Stands where posts will be, about as tall as they are. */
export function FeedSkeleton({ count = 5 }: { count?: number }) {
  return (
    <output className="block">
      <span className="sr-only">Loading…</span>
      <div aria-hidden="true" className="flex flex-col gap-3">
        {Array.from({ length: count }, (_, index) => (
          <div key={index} className="border-line bg-surface flex flex-col gap-3 rounded-2xl border p-5">
            <Bar className="h-4 w-40" />
            <Bar className="h-6 w-3/4" />
            <Bar className="h-4 w-full" />
            <Bar className="h-8 w-32" />
          </div>
        ))}
      </div>
    </output>
  );
}

export function LinesSkeleton({ lines = 4 }: { lines?: number }) {
  return (
    <output className="block py-2">
      <span className="sr-only">Loading…</span>
      <div aria-hidden="true" className="flex flex-col gap-3">
        {Array.from({ length: lines }, (_, index) => (
          <Bar key={index} className={index % 3 === 2 ? 'h-4 w-1/2' : 'h-4 w-full'} />
        ))}
      </div>
    </output>
  );
}
