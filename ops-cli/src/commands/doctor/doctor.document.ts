import type { TargetOptions } from '../../common-options.ts';
import type { Judged } from './diagnose.ts';
import type { Look } from './look.ts';

export interface DoctorOptions extends TargetOptions {
  readonly wait: boolean;
  readonly cure: string | undefined;
  readonly yes: boolean;
  readonly dryRun: boolean;
}

export interface Examined extends Judged {
  readonly look: Look;
}
