import { credential } from '../../test/planted-code/others.ts';
import { holdsOn } from '../../test/planted-code/holds.ts';
import check from './credential-in-code.ts';

holdsOn(check, credential);
