export interface StoppedParts {
  platform: StopResult;
  proxy: StopResult;
  redis: StopResult;
  postgres: StopResult;
}
export type StopResult = 'absent' | 'stopped' | 'killed';
