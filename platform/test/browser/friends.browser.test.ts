import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type Stage, browserProgram, openStage } from './stage.ts';

const program = browserProgram();

describe.skipIf(program === undefined)('two people in browsers', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(program ?? '');
  });
  afterAll(() => stage?.close());

  test.for([
    { device: 'desktop', viewport: { width: 1280, height: 900 } },
    { device: 'phone', viewport: { width: 390, height: 844 } },
  ])('become friends, and vanish from each other by a block, on a $device', { timeout: 120_000 }, async ({ viewport }) => {
    const suffix = randomBytes(3).toString('hex');
    const [ada, bob] = [await stage.testApp.signUp(`ada_${suffix}`), await stage.testApp.signUp(`bob_${suffix}`)];
    const [hers, his] = [await stage.visit({ viewport }), await stage.visit({ viewport })];
    await stage.signIn(hers.page, ada);
    await stage.signIn(his.page, bob);

    await hers.page.goto(`/u/bob_${suffix}`);
    await hers.page.getByRole('button', { name: 'Add friend' }).click();
    await hers.page.getByRole('button', { name: 'Take request back' }).waitFor();

    await his.page.goto('/friends');
    await his.page.getByRole('heading', { name: 'They ask you 1' }).waitFor();
    await his.page.getByRole('button', { name: `Accept the request of @ada_${suffix}` }).click();
    await his.page.getByRole('list', { name: 'Your friends' }).getByText(`@ada_${suffix}`).waitFor();
    await his.page.getByRole('heading', { name: /They ask you/ }).waitFor({ state: 'detached' });

    await hers.page.reload();
    await hers.page.getByText('Friends', { exact: true }).last().waitFor();
    await hers.page.getByRole('button', { name: 'Block', exact: true }).click();
    await hers.page.getByRole('alertdialog').getByRole('button', { name: 'Keep it' }).click();
    await hers.page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await hers.page.getByRole('button', { name: 'Remove friend' }).waitFor();
    await hers.page.getByRole('button', { name: 'Block', exact: true }).click();
    await hers.page.getByRole('alertdialog').getByRole('button', { name: 'Block' }).click();
    await hers.page.getByRole('heading', { name: 'No friends yet' }).waitFor();

    for (const [page, other] of [
      [hers.page, `bob_${suffix}`],
      [his.page, `ada_${suffix}`],
    ] as const) {
      await page.goto(`/u/${other}`);
      await page.getByRole('heading', { name: 'This is not here' }).waitFor();
    }

    await hers.page.goto('/settings');
    await hers.page.getByRole('button', { name: `Unblock @bob_${suffix}` }).click();
    await hers.page.getByText('You block nobody.', { exact: false }).waitFor();
    await hers.page.getByRole('group', { name: 'Who may ask you to be friends' }).getByLabel('Nobody').check();
    await hers.page.getByText('Your choice is saved.').waitFor();

    await his.page.goto(`/u/ada_${suffix}`);
    await his.page.getByRole('button', { name: 'Add friend' }).click();
    await his.page.getByText('This person takes no friend requests from you.').waitFor();
    await his.page.getByRole('button', { name: 'Add friend', disabled: false }).waitFor();
    await Promise.all([hers.close(), his.close()]);
  });
});
