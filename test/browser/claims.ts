/** The example workflows with two of the tests' own: a claim with files and a field that no form shows, and a digest on a schedule. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledProject, compiledWith } from '../server/compiled-with.js';

const CLASSES = `
  import { IsInt, IsOptional, Length, Min } from 'class-validator';
  class Claim {}
  const field = (name, ...decorators) => decorators.forEach((decorator) => decorator(Claim.prototype, name));
  field('reference', Length(1, 40));
  field('amount', IsInt(), Min(1));
  field('report', sdk.DocumentField({ types: ['application/pdf'], maxBytes: 100_000 }));
  field('photos', IsOptional(), sdk.DocumentListField({ types: ['image/*'], maxCount: 3 }));
  field('channel', sdk.HiddenField(), Length(1, 20));
`;

const WORKFLOWS = `
  sdk.workflow('claim', { version: 1, title: 'Handle a claim', input: Claim }).wait('30d'),
  sdk.workflow('digest', { version: 1, title: 'Send the digest', schedule: { cron: '0 6 * * 1-5', zone: 'Europe/Zurich' } }).wait('30d'),
`;

export function compiledWithClaims(): CompiledProject {
  const project = compiledWith(WORKFLOWS, CLASSES);
  for (const part of ['web', 'workflows']) cpSync(join('dist', part), join(project.dist, part), { recursive: true });
  return project;
}
