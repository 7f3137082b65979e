export interface StoppedParts {
  platform: StopResult;
  redis: StopResult;
  postgres: StopResult;
}
export type StopResult = 'absent' | 'stopped' | 'killed';
