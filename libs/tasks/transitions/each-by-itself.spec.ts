import { StepwellError } from '@stepwell/contracts';
import type { TaskView } from '../task-view.js';
import { eachByItself } from './each-by-itself.js';

const task = { id: 'any' } as TaskView;
const ids = (text: string) => [...text].map((id) => ({ id }));

describe('one thing done to many tasks', () => {
  it('is done to each once, in the order in which they are named, also behind one that is refused or goes wrong', async () => {
    const refused = new StepwellError('TASK_NOT_FOUND', { id: 'b' });
    const wrong = new Error('It changed hands.');
    const tried: string[] = [];
    const outcomes = await eachByItself(ids('abcda'), ({ id }) => {
      tried.push(id);
      if (id === 'b') throw refused;
      return id === 'c' ? Promise.reject(wrong) : Promise.resolve(task);
    });
    expect(tried).toEqual(['a', 'b', 'c', 'd']);
    expect(outcomes).toEqual([
      { id: 'a', task, error: null },
      { id: 'b', task: null, error: refused },
      { id: 'c', task: null, error: wrong },
      { id: 'd', task, error: null },
    ]);
    expect(await eachByItself([], () => Promise.reject(wrong))).toEqual([]);
  });

  it('is not tried with those that are left when the database is away, and tells what became of the others', async () => {
    const away = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const tried: string[] = [];
    const outcomes = await eachByItself(ids('abc'), ({ id }) => {
      tried.push(id);
      return id === 'b' ? Promise.reject(away) : Promise.resolve(task);
    });
    expect(tried).toEqual(['a', 'b']);
    expect(outcomes.map(({ error }) => error)).toEqual([null, away, away]);
  });
});
