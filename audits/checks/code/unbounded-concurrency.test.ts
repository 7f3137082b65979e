import { concurrency } from '../../test/planted-code/others.ts';
import { holdsOn } from '../../test/planted-code/holds.ts';
import check from './unbounded-concurrency.ts';

holdsOn(check, concurrency);
