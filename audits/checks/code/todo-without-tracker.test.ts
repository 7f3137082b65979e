import { todo } from '../../test/planted-code/others.ts';
import { holdsOn } from '../../test/planted-code/holds.ts';
import check from './todo-without-tracker.ts';

holdsOn(check, todo);
