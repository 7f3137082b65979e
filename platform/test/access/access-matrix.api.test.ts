import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineRoute, type Route } from '../../src/http/routes/route.ts';
import { expectations } from './expectations.ts';
import { type Actor, actors, type Answer } from './rows.ts';
import { createStage, places, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

function gapsBetween(routes: readonly Route[]): string[] {
  const declared = new Set(routes.map((route) => route.operationId));
  return [
    ...routes.filter((route) => expectations[route.operationId] === undefined).map((route) => `${route.operationId} has no expectation`),
    ...Object.keys(expectations)
      .filter((operation) => !declared.has(operation))
      .map((operation) => `${operation} is expected and is no route`),
  ];
}

describe('the access matrix', () => {
  test('has an entry for every route, and a route for every entry', () => {
    expect(stage.host.app.routes.length).toBeGreaterThan(40);
    expect(gapsBetween(stage.host.app.routes)).toEqual([]);
  });

  test('notices a route without an entry', () => {
    const [known] = stage.host.app.routes;
    if (known === undefined) return expect.fail('there are no routes');
    const planted = defineRoute({ ...known, operationId: 'plantedRoute', schema: { response: {} }, handler: async () => undefined });
    expect(gapsBetween([...stage.host.app.routes, planted])).toEqual(['plantedRoute has no expectation']);
  });

  test('agrees with what each route declares about itself', () => {
    for (const route of stage.host.app.routes) {
      const row = expectations[route.operationId]?.public;
      if (route.access === 'user') expect(row?.anonymous, route.operationId).toBe('auth.required');
      if (route.access === 'public' || route.access === 'operations') expect(row?.anonymous, route.operationId).not.toBe('auth.required');
      if (route.access === 'admin') expect([row?.anonymous, row?.stranger], route.operationId).toEqual(['auth.required', 'access.denied']);
    }
  });

  test.each(Object.keys(expectations))('%s answers every actor as it says', async (operation) => {
    const expectation = expectations[operation];
    const route = stage.host.app.routes.find((candidate) => candidate.operationId === operation);
    if (expectation === undefined || route === undefined) return expect.fail(`there is no route ${operation}`);
    for (const place of places) {
      const row = expectation[place];
      if (row === undefined) continue;
      const answers: Partial<Record<Actor, Answer>> = {};
      for (const actor of actors) answers[actor] = await stage.play(route, expectation, actor, place);
      expect({ place, ...answers }).toEqual({ place, ...row });
    }
  });
});
