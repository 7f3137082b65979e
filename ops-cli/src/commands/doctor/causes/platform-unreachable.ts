import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'platform-unreachable',
  title: 'The platform does not answer',
  judge: ({ platform }) => {
    if (platform?.process !== 'unknown' || platform.healthMs !== undefined) return undefined;
    const health = new URL('/health', platform.url).href;
    return { confidence: 0.85, evidence: [`${health}: ${platform.silence ?? 'no answer'}`], next: `curl -sv ${health}` };
  },
});
