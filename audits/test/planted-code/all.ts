import { databaseDoor, driver } from './driver.ts';
import { ignoredError } from './ignored-error.ts';
import * as others from './others.ts';
import { queryPerRow } from './per-row.ts';
import { misused, thrownAway } from './promises.ts';
import type { PlantedCode } from './planted.ts';
import { offset, sqlFromInput } from './sql.ts';
import { growingState } from './state.ts';
import { browserToken, unsafeHtml } from './web.ts';

export const allPlanted: readonly PlantedCode[] = [
  ignoredError,
  thrownAway,
  misused,
  driver,
  databaseDoor,
  growingState,
  sqlFromInput,
  offset,
  queryPerRow,
  browserToken,
  unsafeHtml,
  ...Object.values(others),
];
