/** A team's figures as people read them, made of the counts of the statements. All durations are in milliseconds. */
import type { EndedTasksRow, GivenAnswersRow, OpenTasksRow, Percentiles, TakenBackRow } from '@stepwell/storage';

export interface DecisionTime {
  /** Of how many decisions it is known. */
  readonly count: number;
  /** Half of them took no longer; null without any. */
  readonly p50Ms: number | null;
  /** Nine of ten took no longer. */
  readonly p90Ms: number | null;
}

/** Of tasks that ended in the period. */
export interface EndedFigures {
  /** By a person or a machine, and not taken back. */
  readonly decided: number;
  /** Of the decided ones: by canceling the task. */
  readonly canceled: number;
  /** Of the decided ones: after they were due. */
  readonly decidedLate: number;
  /** By the screen's answer by default, when nobody came in time. */
  readonly answeredByDefault: number;
  /** Nobody came in time, and the screen failed. */
  readonly expired: number;
  /** Their run or branch ended first. */
  readonly withdrawn: number;
  /** Of those that nobody decided: after they were due. */
  readonly undecidedLate: number;
  /** From the opening of the task to its decision, nights and weekends included. */
  readonly sinceOpened: DecisionTime;
  /** From when whoever decided last took the task. */
  readonly sinceTaken: DecisionTime;
  /** As since the opening, by the open hours of the workflow's calendar; without the tasks of workflows that have none. */
  readonly inBusinessTime: DecisionTime;
}

/** Of tasks that are open now. */
export interface OpenFigures {
  readonly total: number;
  /** Somebody holds them. */
  readonly held: number;
  readonly overdue: number;
  /** Due by the end of the day, and not overdue. */
  readonly dueToday: number;
  readonly dueLater: number;
  readonly withoutDue: number;
}

export interface AgeFigures extends OpenFigures {
  /** Open for longer than this. */
  readonly fromMs: number;
  /** And no longer than this; null for the oldest. */
  readonly toMs: number | null;
}

export interface DayFigures {
  /** `'2026-11-01'`, in the zone of whoever asks. */
  readonly date: string;
  readonly ended: EndedFigures;
  /** Given on that day. */
  readonly answers: number;
}

export interface ReviewerFigures {
  /** Of an actor. */
  readonly id: string;
  readonly name: string;
  /** What he holds or is assigned. */
  readonly open: OpenFigures;
  readonly ended: EndedFigures;
  /** His answers to tasks that several people answer, without those that decided. */
  readonly answers: number;
  /** His decisions that he took back. */
  readonly takenBack: number;
}

export interface ScreenFigures {
  readonly workflow: string;
  readonly screen: string;
  readonly title: string;
  readonly open: OpenFigures;
  readonly ended: EndedFigures;
  readonly answers: number;
}

const HOUR = 3_600_000;
/** Where one age ends and the next begins, the youngest first. */
export const AGE_LIMITS = [HOUR, 4 * HOUR, 24 * HOUR, 3 * 24 * HOUR, 7 * 24 * HOUR] as const;

export function openFigures(row: OpenTasksRow | undefined): OpenFigures {
  const { total = 0, held = 0, overdue = 0, dueToday = 0, dueLater = 0 } = row ?? {};
  return { total, held, overdue, dueToday, dueLater, withoutDue: total - overdue - dueToday - dueLater };
}

export function endedFigures(row: EndedTasksRow | undefined): EndedFigures {
  const { decided = 0, canceled = 0, decidedLate = 0, answeredByDefault = 0, expired = 0, withdrawn = 0, undecidedLate = 0 } = row ?? {};
  return {
    ...{ decided, canceled, decidedLate, answeredByDefault, expired, withdrawn, undecidedLate },
    sinceOpened: decisionTime(decided, row?.sinceOpened),
    sinceTaken: decisionTime(row?.taken, row?.sinceTaken),
    inBusinessTime: decisionTime(row?.timed, row?.inBusinessTime),
  };
}

/** The youngest first. */
export function ageFigures(rows: readonly OpenTasksRow[]): readonly AgeFigures[] {
  const edges = [0, ...AGE_LIMITS];
  return edges.map((fromMs, place) => ({
    ...openFigures(rows.find(({ kind, age }) => kind === 'age' && age === AGE_LIMITS.length - place)),
    ...{ fromMs, toMs: edges[place + 1] ?? null },
  }));
}

/** Who has decided most first; then who has answered most, and who has most open. */
export function reviewerFigures(
  open: readonly OpenTasksRow[],
  ended: readonly EndedTasksRow[],
  takenBack: readonly TakenBackRow[],
  answers: readonly GivenAnswersRow[],
): ReviewerFigures[] {
  const openOf = byReviewer(open.filter(({ kind }) => kind === 'reviewer'));
  const endedOf = byReviewer(ended.filter(({ kind }) => kind === 'reviewer'));
  const takenBackOf = byReviewer(takenBack);
  const answersOf = byReviewer(answers.filter(({ kind }) => kind === 'reviewer'));
  return [...new Set([...endedOf.keys(), ...openOf.keys(), ...takenBackOf.keys(), ...answersOf.keys()])]
    .map((id) => {
      const [hisOpen, hisEnded, hisTakenBack, hisAnswers] = [openOf.get(id), endedOf.get(id), takenBackOf.get(id), answersOf.get(id)];
      const name = hisOpen?.name ?? hisEnded?.name ?? hisTakenBack?.name ?? hisAnswers?.name ?? id;
      const counts = { takenBack: hisTakenBack?.count ?? 0, answers: hisAnswers?.count ?? 0 };
      return { id, name, open: openFigures(hisOpen), ended: endedFigures(hisEnded), ...counts };
    })
    .sort(
      (a, b) => b.ended.decided - a.ended.decided || b.answers - a.answers || b.open.total - a.open.total || a.name.localeCompare(b.name),
    );
}

/** By workflow and screen. */
export function screenFigures(
  open: readonly OpenTasksRow[],
  ended: readonly EndedTasksRow[],
  answers: readonly GivenAnswersRow[],
): ScreenFigures[] {
  const openOf = byScreen(open);
  const endedOf = byScreen(ended);
  const answersOf = byScreen(answers);
  return [...new Map<string, ScreenRow>([...answersOf, ...endedOf, ...openOf])]
    .map(([key, { workflow, screen, title }]) => ({
      ...{ workflow: workflow ?? '', screen: screen ?? '', title: title ?? '' },
      ...{ open: openFigures(openOf.get(key)), ended: endedFigures(endedOf.get(key)), answers: answersOf.get(key)?.count ?? 0 },
    }))
    .sort((a, b) => a.workflow.localeCompare(b.workflow) || a.screen.localeCompare(b.screen));
}

function decisionTime(count = 0, percentiles: Percentiles | undefined): DecisionTime {
  return { count, p50Ms: percentiles?.[0] ?? null, p90Ms: percentiles?.[1] ?? null };
}

function byReviewer<Row extends { readonly reviewer: string | null }>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.flatMap((row) => (row.reviewer === null ? [] : [[row.reviewer, row]])));
}

type ScreenRow = OpenTasksRow | EndedTasksRow | GivenAnswersRow;

function byScreen<Row extends ScreenRow>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.flatMap((row) => (row.kind === 'screen' ? [[`${row.workflow} ${row.screen}`, row]] : [])));
}
