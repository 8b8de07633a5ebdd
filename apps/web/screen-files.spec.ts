import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { problemsOfScreens } from './screen-files.js';

const approve = "@Screen({ title: 'Approve', id: 'approve' })";

describe('the components that workflows bring along', () => {
  const root = mkdtempSync(join(tmpdir(), 'stepwell-screens-'));
  afterAll(() => rmSync(root, { recursive: true }));

  it.each([
    [{ 'b/screens/check.screen.ts': "@Screen({ id: 'check' }) const choice = { id: 'approve' };" }, []],
    [
      { 'b/screens/approve.screen.ts': approve },
      ["a/screens/approve.tsx: 'approve' is the id of a screen in b/screens, too. Give one of them another id."],
    ],
    [
      { 'b/screens/other.screen.ts': approve },
      ["a/screens/approve.tsx: 'approve' is the id of a screen in b/screens, too. Give one of them another id."],
    ],
    [{ 'a/screens/lost.tsx': '' }, ["a/screens/lost.tsx: there is no lost.screen.ts beside it with a screen whose id is 'lost'."]],
  ])('are named after one screen each: %j', (more, problems) => {
    const workflows = mkdtempSync(join(root, 'w-'));
    const files = { 'a/screens/approve.screen.ts': approve, 'a/screens/approve.tsx': '', 'b/b.module.ts': '', ...more };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(workflows, path)), { recursive: true });
      writeFileSync(join(workflows, path), text);
    }
    expect(problemsOfScreens(workflows).map((problem) => problem.replaceAll(`${workflows}/`, ''))).toEqual(problems);
  });
});
