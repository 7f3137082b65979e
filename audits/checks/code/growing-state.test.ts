import { growingState } from '../../test/planted-code/state.ts';
import { holdsOn } from '../../test/planted-code/holds.ts';
import check from './growing-state.ts';

holdsOn(check, growingState);
