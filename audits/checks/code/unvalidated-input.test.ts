import { unvalidated } from '../../test/planted-code/others.ts';
import { holdsOn } from '../../test/planted-code/holds.ts';
import check from './unvalidated-input.ts';

holdsOn(check, unvalidated);
