/** The real application, wired by Nest: nothing is left unbuilt, and no class was given fewer arguments than it takes. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { startApiApp } from './api-app.js';
import type { Type } from '@stepwell/sdk';
import { StrikeFollowupModule } from '../../workflows/strike-followup/strike-followup.module.js';
import { StrikeIntakeModule } from '../../workflows/strike-intake/strike-intake.module.js';
import { StrikeReviewModule } from '../../workflows/strike-review/strike-review.module.js';

const MODULES: Readonly<Record<string, Type<object>>> = {
  'strike-followup': StrikeFollowupModule,
  'strike-intake': StrikeIntakeModule,
  'strike-review': StrikeReviewModule,
};

it('looks at every folder of workflows', () => {
  const folder = join(import.meta.dirname, '../../workflows');
  expect(Object.keys(MODULES)).toEqual(
    readdirSync(folder)
      .sort()
      .filter((name) => existsSync(join(folder, name, `${name}.module.ts`))),
  );
});

it.each([[['api', 'scheduler']], [['api', 'worker']]] as const)('builds every provider for the roles %s', async (roles) => {
  // Worker and scheduler apart, so that the example's emitter stays at rest.
  const server = await startApiApp({ roles, workflowModules: Object.values(MODULES) });
  try {
    const wrappers = [...server.app.get(ModulesContainer).values()].flatMap((module) => [
      ...module.providers.values(),
      ...module.controllers.values(),
    ]);
    const ours = wrappers.filter(({ metatype, isNotMetatype }) => typeof metatype === 'function' && !isNotMetatype);
    expect(ours.length).toBeGreaterThan(40);
    expect(ours.filter(({ instance }) => instance === undefined).map(({ name }) => String(name))).toEqual([]);
    const isShort = (type: object) =>
      (type as Type<object>).length > ((Reflect.getMetadata('design:paramtypes', type) as unknown[] | undefined)?.length ?? 0);
    const short = ours.filter(({ metatype, inject }) => inject == null && metatype !== ModuleRef && isShort(metatype as object));
    expect(short.map(({ name }) => String(name))).toEqual([]);
  } finally {
    await server.close();
  }
});
