import { limitRemoved } from '../../test/planted-code/others.ts';
import { holdsOn } from '../../test/planted-code/holds.ts';
import check from './limit-removed.ts';

holdsOn(check, limitRemoved);
