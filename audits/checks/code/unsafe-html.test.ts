import { unsafeHtml } from '../../test/planted-code/web.ts';
import { holdsOn } from '../../test/planted-code/holds.ts';
import check from './unsafe-html.ts';

holdsOn(check, unsafeHtml);
