import { silencedGate } from '../../test/planted-code/others.ts';
import { holdsOn } from '../../test/planted-code/holds.ts';
import check from './gate-silenced.ts';

holdsOn(check, silencedGate);
