import { existsSync } from 'node:fs';
import { reportPath } from './report-path.js';

describe('where the reports lie', () => {
  it('is the export of the module, unless another file is named', () => {
    expect(reportPath({})).toMatch(/workflows\/strike-intake\/data\/birdstrikes\.csv$/);
    expect(existsSync(reportPath({}))).toBe(true);
    expect(reportPath({ STRIKE_REPORTS_FILE: '/srv/strikes.csv' })).toBe('/srv/strikes.csv');
  });
});
