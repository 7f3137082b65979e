import { offset } from '../../test/planted-code/sql.ts';
import { holdsOn } from '../../test/planted-code/holds.ts';
import check from './offset-pagination.ts';

holdsOn(check, offset);
