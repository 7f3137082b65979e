import { sqlFromInput } from '../../test/planted-code/sql.ts';
import { holdsOn } from '../../test/planted-code/holds.ts';
import check from './sql-from-input.ts';

holdsOn(check, sqlFromInput);
