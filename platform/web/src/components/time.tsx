import { useState } from 'react';
import { fullTime, timeAgo } from '../lib/format.ts';

export function Time({ iso }: { iso: string }) {
  const [shownAtMs] = useState(Date.now);
  return (
    <time dateTime={iso} title={fullTime(iso)}>
      {timeAgo(iso, shownAtMs)}
    </time>
  );
}
