import type { FeatureExpectations } from '../../../test/access/beside-features.ts';

const moderation = 'moderation of a sanctum acts on everyone in it, hidden or not';

export default {
  access: {},
  constraintBugs: {},
  notProbed: { banPerson: moderation, liftBan: moderation },
} satisfies FeatureExpectations;
