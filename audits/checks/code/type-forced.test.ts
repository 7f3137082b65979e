import { backDoor } from '../../test/planted-code/others.ts';
import { holdsOn } from '../../test/planted-code/holds.ts';
import check from './type-forced.ts';

holdsOn(check, backDoor);
