import type { TargetOptions } from '../../common-options.ts';
import type { Judged } from './diagnose.ts';
import type { Look } from './look.ts';

export type DoctorOptions = TargetOptions & {
  readonly wait: boolean;
  readonly cure: string | undefined;
  readonly yes: boolean;
  readonly dryRun: boolean;
};

export type Examined = Judged & { readonly look: Look };
