/** Whoever reads a pattern is told what it solves, how, and with a picture that is the graph's own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { illustrated, patterns } from '../draw-graphs.js';

const SECTIONS = ['The problem', 'How it is solved', 'A walk through it', 'Takeaways'];

describe('the playbook', () => {
  it('shows the graph of every workflow as it is; npm run draw writes it anew', async () => {
    for (const pattern of await patterns()) expect(illustrated(pattern)).toBe(pattern.readme);
  });

  it('tells of each pattern the problem, the solution, a numbered walk and what to take away', async () => {
    for (const { folder, readme } of await patterns()) {
      const sections = [...readme.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
      expect([folder, ...sections]).toEqual([folder, ...SECTIONS]);
      expect(readme.split('## A walk through it')[1]).toMatch(/^1\. .*\n(.*\n)*?2\. /m);
    }
  });

  it('lists every pattern in its index', async () => {
    const index = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
    const listed = [...index.matchAll(/^\| \[[^\]]+\]\((\d\d-[a-z0-9-]+)\/\) \|/gm)].map(([, folder]) => folder);
    expect(listed).toEqual((await patterns()).map(({ folder }) => folder));
  });
});
