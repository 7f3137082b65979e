import { queryPerRow } from '../../test/planted-code/per-row.ts';
import { holdsOn } from '../../test/planted-code/holds.ts';
import check from './query-per-row.ts';

holdsOn(check, queryPerRow);
