import { ignoredError } from '../../test/planted-code/ignored-error.ts';
import { holdsOn } from '../../test/planted-code/holds.ts';
import check from './ignored-error.ts';

holdsOn(check, ignoredError);
