import { race } from '../../test/planted-code/others.ts';
import { holdsOn } from '../../test/planted-code/holds.ts';
import check from './check-then-act.ts';

holdsOn(check, race);
