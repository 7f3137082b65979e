import { openRoute } from '../../test/planted-code/others.ts';
import { holdsOn } from '../../test/planted-code/holds.ts';
import check from './change-by-anyone.ts';

holdsOn(check, openRoute);
