import { databaseDoor, driver } from '../../test/planted-code/driver.ts';
import { holdsOn } from '../../test/planted-code/holds.ts';
import check from './driver-outside-db.ts';

holdsOn(check, databaseDoor, driver);
