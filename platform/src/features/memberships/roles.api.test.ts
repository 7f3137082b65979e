/** Consent and rank: who may do what to whom in a sanctum, and what nobody may do to anybody. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import { banPage, invitationPage, myInvitationPage } from '../sanctums/sanctums.schema.ts';

let host: TestApp;
let owner: SignedUpUser;
let moderator: SignedUpUser;
let second: SignedUpUser;
let member: SignedUpUser;
let other: SignedUpUser;
let place = '';
let serial = 0;

beforeAll(async () => {
  host = await createTestApp({ environment: { RATE_LIMIT_FACTOR: '1000' } });
  for (const name of ['keeper', 'warden', 'steward', 'joiner', 'outsider']) {
    const person = await host.signUp(name);
    if (name === 'keeper') owner = person;
    if (name === 'warden') moderator = person;
    if (name === 'steward') second = person;
    if (name === 'joiner') member = person;
    if (name === 'outsider') other = person;
  }
});
afterAll(() => host.close());

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
const call = (method: Method, url: string, user: SignedUpUser, payload?: object) =>
  host.app.inject({ method, url, headers: user.headers, ...(payload === undefined ? {} : { payload }) });
/** Success as its status, refusal as its code. */
const outcome = async (method: Method, url: string, user: SignedUpUser, payload?: object): Promise<number | string> => {
  const response = await call(method, url, user, payload);
  return response.statusCode < 400 ? response.statusCode : response.json().code;
};

const found = async (visibility: 'public' | 'private') => {
  place = `place_x${(serial += 1)}`;
  expect(await outcome('POST', '/api/sanctums', owner, { name: place, title: 'A place', visibility })).toBe(201);
};
const invite = (by: SignedUpUser, whom: SignedUpUser, role = 'member') =>
  outcome('PUT', `/api/sanctums/${place}/invitations/${whom.user.username}`, by, { role });
const accept = (who: SignedUpUser) => outcome('PUT', `/api/me/invitations/${place}`, who);
const decline = (who: SignedUpUser) => outcome('DELETE', `/api/me/invitations/${place}`, who);
const withdraw = (by: SignedUpUser, whom: SignedUpUser) =>
  outcome('DELETE', `/api/sanctums/${place}/invitations/${whom.user.username}`, by);
const set = (by: SignedUpUser, whom: SignedUpUser, role: string) =>
  outcome('PUT', `/api/sanctums/${place}/members/${whom.user.username}`, by, { role });
const remove = (by: SignedUpUser, whom: SignedUpUser) => outcome('DELETE', `/api/sanctums/${place}/members/${whom.user.username}`, by);
const ban = (by: SignedUpUser, whom: SignedUpUser) => outcome('PUT', `/api/sanctums/${place}/bans/${whom.user.username}`, by);
const lift = (by: SignedUpUser, whom: SignedUpUser) => outcome('DELETE', `/api/sanctums/${place}/bans/${whom.user.username}`, by);
const join = (who: SignedUpUser) => outcome('PUT', `/api/sanctums/${place}/membership`, who);
const leave = (who: SignedUpUser) => outcome('DELETE', `/api/sanctums/${place}/membership`, who);
const turn = (by: SignedUpUser, visibility: string) => outcome('PATCH', `/api/sanctums/${place}`, by, { visibility });
const write = async (by: SignedUpUser) =>
  (await call('POST', `/api/sanctums/${place}/posts`, by, { kind: 'text', title: 'A thing to say' })).json().id as string;
const comment = async (by: SignedUpUser, postId: string) => call('POST', `/api/posts/${postId}/comments`, by, { body: 'Said.' });
const myRole = async (who: SignedUpUser) => (await call('GET', `/api/sanctums/${place}`, who)).json().role;

/** A sanctum with its owner, two moderators and a member. */
async function populate(visibility: 'public' | 'private'): Promise<void> {
  await found(visibility);
  for (const [person, role] of [
    [moderator, 'moderator'],
    [second, 'moderator'],
    [member, 'member'],
  ] as const) {
    expect(await invite(owner, person, role)).toBe(200);
    expect(await accept(person)).toBe(200);
  }
}

async function countsAgree(): Promise<void> {
  const { rows } = await host.client.query(
    `select s.member_count = count(m.user_id) as agrees, count(m.user_id) filter (where m.role = 'owner')::integer as owners,
       bool_and(m.role <> 'owner' or m.user_id = s.owner_id) as named
     from sanctums s left join memberships m on m.sanctum_id = s.id where s.name = $1 group by s.id`,
    [place],
  );
  expect(rows).toEqual([{ agrees: true, owners: 1, named: true }]);
}

describe('an invitation', () => {
  beforeEach(() => found('private'));

  test('changes nothing before it is accepted: no membership, no count, no post in the home feed', async () => {
    const postId = await write(owner);
    expect(await invite(owner, other)).toBe(200);
    const home = async () => (await call('GET', '/api/feeds/home', other)).json().items.map((item: { id: string }) => item.id);
    expect(await myRole(other)).toBe(null);
    expect(await home()).not.toContain(postId);
    expect((await call('GET', `/api/posts/${postId}`, other)).statusCode).toBe(404);
    expect(await accept(other)).toBe(200);
    expect(await myRole(other)).toBe('member');
    expect(await home()).toContain(postId);
    expect(await accept(other)).toBe('invitation.not_found');
    await countsAgree();
  });

  test('is listed on both sides in the declared shape, and is gone when answered', async () => {
    expect(await invite(owner, other, 'moderator')).toBe(200);
    const mine = async () => (await call('GET', '/api/me/invitations?limit=50', other)).json();
    const sent = async () => (await call('GET', `/api/sanctums/${place}/invitations`, owner)).json();
    expect(myInvitationPage.strict().parse(await mine()).items).toContainEqual(
      expect.objectContaining({
        role: 'moderator',
        sanctum: expect.objectContaining({ name: place }),
        invitedBy: { username: 'keeper', displayName: 'keeper' },
      }),
    );
    expect(
      invitationPage
        .strict()
        .parse(await sent())
        .items.map((item) => item.username),
    ).toEqual(['outsider']);
    expect(await decline(other)).toBe(204);
    expect((await sent()).items).toEqual([]);
    expect((await mine()).items.map((item: { sanctum: { name: string } }) => item.sanctum.name)).not.toContain(place);
    expect(await accept(other)).toBe('invitation.not_found');
    expect(await invite(owner, other)).toBe('invitation.declined');
  });

  test('ends after 30 days, and may then be sent again', async () => {
    const age = () =>
      host.client.query(
        `update sanctum_invitations i set created_at = now() - interval '31 days' from sanctums s where s.id = i.sanctum_id and s.name = $1`,
        [place],
      );
    expect(await invite(owner, other)).toBe(200);
    expect((await age()).rowCount).toBe(1);
    expect(await accept(other)).toBe('invitation.not_found');
    expect(await decline(other)).toBe('invitation.not_found');
    expect(await invite(owner, other)).toBe(200);
    expect(await decline(other)).toBe(204);
    await age();
    expect(await invite(owner, other)).toBe(200);
    expect(await accept(other)).toBe(200);
  });

  test('is worth what its sender may give today', async () => {
    expect(await invite(owner, moderator, 'moderator')).toBe(200);
    expect(await accept(moderator)).toBe(200);
    expect(await invite(moderator, other)).toBe(200);
    expect(await set(owner, moderator, 'member')).toBe(200);
    expect(await accept(other)).toBe('invitation.not_found');
    expect(await invite(owner, other)).toBe(200);
    expect(await accept(other)).toBe(200);
  });

  test('is not sent to members, to nobody, or by members and strangers', async () => {
    expect(await invite(owner, other)).toBe(200);
    expect(await accept(other)).toBe(200);
    expect(await invite(owner, other)).toBe('membership.exists');
    expect(await outcome('PUT', `/api/sanctums/${place}/invitations/Nobody_here`, owner, { role: 'member' })).toBe('user.not_found');
    expect(await invite(other, member)).toBe('access.denied');
    expect(await invite(member, member)).toBe('access.denied');
  });

  test('waits with a bounded number of others, by sanctum and by sender', async () => {
    const plant = (sender: SignedUpUser, count: number, where: string) =>
      host.client.query(
        `with people as (
           insert into users (username, email, password_hash, display_name)
           select $1 || n, $1 || n || '@example.org', '', 'N' from generate_series(1, $2) n returning id
         )
         insert into sanctum_invitations (sanctum_id, user_id, role, invited_by)
         select s.id, people.id, 'member', $3 from people, sanctums s where s.name = $4`,
        [`crowd_${(serial += 1)}_`, count, sender.user.id, where],
      );
    expect((await plant(moderator, 199, place)).rowCount).toBe(199);
    expect(await invite(owner, other)).toBe(200);
    expect(await invite(owner, member)).toBe('invitation.too_many');
    expect(await withdraw(owner, other)).toBe(204);
    const elsewhere = place;
    await found('private');
    expect(await invite(owner, member)).toBe(200);
    await plant(owner, 99, elsewhere);
    expect(await invite(owner, other)).toBe('invitation.too_many');
    await host.client.query(`delete from sanctum_invitations`);
  });
});

describe('rank', () => {
  beforeEach(() => populate('private'));

  test('a moderator invites and removes plain members, and no more than that', async () => {
    expect(await invite(moderator, other)).toBe(200);
    expect(await withdraw(second, other)).toBe(204);
    expect(await invite(moderator, other, 'moderator')).toBe('access.denied');
    expect(await invite(moderator, member, 'owner')).toBe('access.denied');
    for (const equal of [second, moderator, owner]) {
      expect(await set(moderator, equal, 'member')).toBe('access.denied');
      expect(await remove(moderator, equal)).toBe('access.denied');
      expect(await ban(moderator, equal)).toBe('access.denied');
    }
    expect(await set(moderator, member, 'moderator')).toBe('access.denied');
    expect(await remove(moderator, member)).toBe(204);
    await countsAgree();
  });

  test('a moderator does not undo what only the owner could offer', async () => {
    expect(await invite(owner, other, 'moderator')).toBe(200);
    expect(await invite(moderator, other)).toBe('access.denied');
    expect(await withdraw(moderator, other)).toBe('access.denied');
    expect(await withdraw(owner, other)).toBe(204);
  });

  test('a plain member and a stranger change nothing', async () => {
    for (const someone of [member, other]) {
      expect(await set(someone, member, 'moderator')).toBe('access.denied');
      expect(await remove(someone, member)).toBe('access.denied');
      expect(await ban(someone, other)).toBe('access.denied');
      expect(await outcome('PATCH', `/api/sanctums/${place}`, someone, { title: 'Mine' })).toBe('access.denied');
      expect(await outcome('GET', `/api/sanctums/${place}/bans`, someone)).toBe('access.denied');
      expect(await outcome('GET', `/api/sanctums/${place}/invitations`, someone)).toBe('access.denied');
    }
  });

  test('owner and moderator change the title; the visibility is the owner alone', async () => {
    expect(await outcome('PATCH', `/api/sanctums/${place}`, moderator, { title: 'New', visibility: 'private' })).toBe(200);
    expect(await turn(moderator, 'public')).toBe('access.denied');
    await populate('public');
    expect(await turn(moderator, 'private')).toBe('access.denied');
    expect(await turn(owner, 'private')).toBe(200);
  });

  test('the owner gives and takes roles, and cannot go without a successor', async () => {
    expect(await set(owner, member, 'moderator')).toBe(200);
    expect(await set(owner, member, 'member')).toBe(200);
    expect(await outcome('PUT', `/api/sanctums/${place}/members/joiner`, owner, { role: 'owner' })).toBe('request.invalid');
    expect(await set(owner, other, 'member')).toBe('membership.not_found');
    expect(await set(owner, owner, 'member')).toBe('sanctum.owner_stays');
    expect(await remove(owner, owner)).toBe('sanctum.owner_stays');
    expect(await leave(owner)).toBe('sanctum.owner_stays');
  });

  test('nobody becomes the owner who does not accept it', async () => {
    expect(await invite(owner, other, 'owner')).toBe('membership.not_found');
    expect(await invite(owner, owner, 'owner')).toBe('sanctum.owner_stays');
    expect(await invite(owner, member, 'owner')).toBe(200);
    expect(await myRole(member)).toBe('member');
    expect(await accept(member)).toBe(200);
    expect([await myRole(member), await myRole(owner)]).toEqual(['owner', 'moderator']);
    await countsAgree();
  });

  test('offered to two people who accept at once, a sanctum has one owner', async () => {
    expect(await invite(owner, member, 'owner')).toBe(200);
    expect(await invite(owner, moderator, 'owner')).toBe(200);
    const answers = await Promise.all([accept(member), accept(moderator)]);
    expect(new Set(answers)).toEqual(new Set([200, 'invitation.not_found']));
    await countsAgree();
  });

  test('an offer of the ownership ends with the membership', async () => {
    expect(await invite(owner, member, 'owner')).toBe(200);
    expect(await leave(member)).toBe(200);
    expect(await accept(member)).toBe('invitation.not_found');
    expect(await invite(owner, moderator, 'owner')).toBe(200);
    expect(await remove(owner, moderator)).toBe(204);
    expect(await accept(moderator)).toBe('invitation.not_found');
    await countsAgree();
  });
});

describe('a ban', () => {
  beforeEach(() => populate('public'));

  test('keeps a removed member out until a moderator lifts it', async () => {
    const postId = await write(member);
    const said = (await comment(member, postId)).json().id;
    expect(await remove(moderator, member)).toBe(204);
    expect(await outcome('PATCH', `/api/comments/${said}`, member, { body: 'Changed' })).toBe('access.denied');
    expect(await outcome('PATCH', `/api/posts/${postId}`, member, { title: 'Changed' })).toBe('access.denied');
    expect(await join(member)).toBe('sanctum.banned');
    expect(await invite(owner, member)).toBe('sanctum.banned');
    expect((await comment(member, postId)).json().code).toBe('sanctum.banned');
    const listed = banPage.strict().parse((await call('GET', `/api/sanctums/${place}/bans`, second)).json());
    expect(listed.items.map((item) => item.username)).toEqual(['joiner']);
    expect(await lift(second, member)).toBe(204);
    expect(await lift(second, member)).toBe('ban.not_found');
    expect(await join(member)).toBe(200);
    await countsAgree();
  });

  test('holds for somebody who left before, voids an invitation, and can be repeated', async () => {
    expect(await leave(member)).toBe(200);
    expect(await ban(moderator, member)).toBe(200);
    expect(await ban(owner, member)).toBe(200);
    expect(await join(member)).toBe('sanctum.banned');
    expect(await invite(owner, other)).toBe(200);
    expect(await ban(moderator, other)).toBe(200);
    expect(await accept(other)).toBe('invitation.not_found');
    await countsAgree();
  });

  test('and a join at the same time leave nobody in and out at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      await leave(other);
      await Promise.all([join(other), ban(moderator, other), join(other)]);
      expect(await myRole(other)).toBe(null);
      await countsAgree();
      expect(await lift(moderator, other)).toBe(204);
    }
  });
});

describe('what was written in private', () => {
  test('never becomes public while it is there, nor does who was there', async () => {
    await found('private');
    expect(await turn(owner, 'public')).toBe(200);
    expect(await turn(owner, 'private')).toBe(200);
    expect(await invite(owner, member)).toBe(200);
    expect(await turn(owner, 'public')).toBe(200);
    expect(await turn(owner, 'private')).toBe(200);
    expect(await accept(member)).toBe(200);
    expect(await turn(owner, 'public')).toBe('sanctum.stays_private');
    const own = await write(owner);
    const theirs = await write(member);
    const said = (await comment(member, own)).json().id;
    expect(await leave(member)).toBe(200);
    expect(await turn(owner, 'public')).toBe('sanctum.stays_private');
    expect(await outcome('DELETE', `/api/posts/${theirs}`, owner)).toBe(204);
    expect(await turn(owner, 'public')).toBe('sanctum.stays_private');
    expect(await outcome('DELETE', `/api/comments/${said}`, owner)).toBe(204);
    expect(await turn(owner, 'public')).toBe(200);
  });

  test('is not what was public before: a sanctum comes back from a turn by mistake', async () => {
    await populate('public');
    await write(member);
    expect(await turn(owner, 'private')).toBe(200);
    expect(await turn(owner, 'public')).toBe(200);
    expect(await turn(owner, 'private')).toBe(200);
    await write(member);
    expect(await turn(owner, 'public')).toBe('sanctum.stays_private');
  });
});

test.each(['public', 'private'] as const)(
  'whoever left a %s sanctum still deletes what they wrote there, and edits nothing',
  async (visibility) => {
    await populate(visibility);
    const postId = await write(member);
    const answered = await write(owner);
    const said = (await comment(member, answered)).json().id as string;
    expect(await leave(member)).toBe(200);
    const refusal = visibility === 'private' ? 'post.not_found' : 'access.denied';
    expect(await outcome('PATCH', `/api/posts/${postId}`, member, { title: 'Changed' })).toBe(refusal);
    if (visibility === 'public')
      expect((await call('GET', `/api/posts/${postId}`, member)).json()).toMatchObject({ canEdit: false, canDelete: true });
    expect(await outcome('DELETE', `/api/posts/${postId}`, other)).toBe(refusal);
    expect(await outcome('DELETE', `/api/posts/${postId}`, member)).toBe(204);
    expect(await outcome('DELETE', `/api/comments/${said}`, member)).toBe(204);
    expect((await call('GET', `/api/posts/${postId}`, owner)).statusCode).toBe(404);
  },
);
