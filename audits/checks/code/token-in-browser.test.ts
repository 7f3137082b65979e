import { browserToken } from '../../test/planted-code/web.ts';
import { holdsOn } from '../../test/planted-code/holds.ts';
import check from './token-in-browser.ts';

holdsOn(check, browserToken);
