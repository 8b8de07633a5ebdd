// The summary as plain text.

import { keyOf, MEASURES } from '../workloads/growth.mjs';

/** @returns {string} a table for each workload: medians [least to greatest], ratios, and what each system leaves out */
export function renderTables(summary, workloads) {
  return summary
    .map((part) =>
      renderPart(
        part,
        workloads.find(({ name }) => name === part.workload),
      ),
    )
    .join('\n');
}

function renderPart({ systems, targets }, workload) {
  const { name, title, unit } = workload;
  const measured = systems.filter((system) => system.figures);
  const rows = measured.length === 0 ? [] : workload.curve ? rowsOfCurve(measured, workload) : rowsOfSystems(measured, workload);
  const reasons = systems.filter((system) => system.reason).map((system) => `${system.title}: ${system.reason.split('\n')[0]}`);
  const repeats = Math.max(0, ...measured.map(({ reps }) => reps));
  const aims = targets.map(renderAim);
  const table = rows.length > 0 ? renderTable(rows) : [];
  return ['', `${name}. ${title}`, `per ${unit}; median [least-greatest] of ${repeats}`, ...table, ...reasons, ...aims].join('\n');
}

/** A line for each point, and each state in which it was measured. */
function rowsOfCurve(measured, { curve: { axis, points, states } }) {
  const rows = measured.flatMap(({ title, n, figures }) =>
    points.flatMap((point) =>
      states.flatMap((state) => {
        const cells = MEASURES.map(({ key, digits }) => ({ digits, spread: figures[keyOf(key, point, state.key)] }));
        if (!cells[0].spread) return [];
        const told = cells.map(({ digits, spread }) => renderSpread(spread, digits));
        return [[title, String(n), point.toLocaleString('en'), state.title, ...told, renderSpread(figures.otherLoadPercent, 0)]];
      }),
    ),
  );
  return [['', 'n', axis, 'measured', ...MEASURES.map(({ title }) => title), 'other load %'], ...rows];
}

/** A line for each system. */
function rowsOfSystems(measured, { figures, headline }) {
  const shown = figures.filter(({ key }) => measured.some((system) => system.figures[key]));
  const titleOf = (key) => figures.find((figure) => figure.key === key).title;
  const header = [
    '',
    'n',
    ...shown.map((figure) => figure.title),
    ...headline.map((key) => `of the bare loop (${titleOf(key)})`),
    ...headline.map((key) => `Stepwell is (${titleOf(key)})`),
    'leaves out',
  ];
  const rows = measured.map((system) => [
    system.title,
    String(system.n),
    ...shown.map(({ key, digits }) => (system.figures[key] ? renderSpread(system.figures[key], digits) : '')),
    ...headline.map((key) => (system.shares[key] ? renderSpread(system.shares[key], 2) : '')),
    ...headline.map((key) => (system.times[key] ? `${renderSpread(system.times[key], 1)} times as good` : '')),
    system.leavesOut,
  ]);
  return [header, ...rows];
}

function renderAim({ what, found, verdict, by, notJudged, notMeasured }) {
  return [
    `aim: ${what}: ${found === null ? '' : `${Number(found.toPrecision(3))}${by ? ` (${by})` : ''}, `}${verdict}`,
    ...(notJudged ? [`not judged, since they do less: ${notJudged.join(', ')}`] : []),
    ...(notMeasured ? [`not measured: ${notMeasured.join(', ')}`] : []),
  ].join('; ');
}

function renderSpread({ median, min, max }, digits) {
  const text = (value) => value.toFixed(digits);
  return min === max ? text(median) : `${text(median)} [${text(min)}-${text(max)}]`;
}

/** @returns {string[]} a line for each row, the first of which are the heads; columns that are empty are left out */
export function renderTable(rows) {
  const columns = rows[0].map((_, index) => index).filter((index) => index === 0 || rows.slice(1).some((row) => row[index] !== ''));
  const widths = columns.map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    columns
      .map((column, index) => row[column].padEnd(widths[index]))
      .join('  ')
      .trimEnd(),
  );
}
