import { graphql, type FragmentOf, type ResultOf, type VariablesOf } from '../graphql.js';

const TimesFragment = graphql(`
  fragment DecisionTimes on EndedTaskFigures {
    sinceOpened {
      count
      p50Ms
      p90Ms
    }
    sinceTaken {
      count
      p50Ms
      p90Ms
    }
    inBusinessTime {
      count
      p50Ms
      p90Ms
    }
  }
`);

const EndedFragment = graphql(
  `
    fragment Ended on EndedTaskFigures {
      decided
      canceled
      decidedLate
      answeredByDefault
      expired
      withdrawn
      undecidedLate
      ...DecisionTimes
    }
  `,
  [TimesFragment],
);
export type Ended = FragmentOf<typeof EndedFragment>;
export type DecisionTimes = FragmentOf<typeof TimesFragment>;

export const TeamQuery = graphql(
  `
    query Team($period: TeamPeriod!, $filter: TeamFilter) {
      teamReport(period: $period, filter: $filter) {
        isOwn
        at
        takenBack
        answers
        open {
          total
          held
          overdue
          dueToday
        }
        ages {
          fromMs
          toMs
          total
          overdue
          dueToday
          dueLater
          withoutDue
        }
        ended {
          ...Ended
        }
        days {
          date
          answers
          ended {
            decided
            decidedLate
            answeredByDefault
            expired
            withdrawn
            ...DecisionTimes
          }
        }
        reviewers {
          id
          name
          takenBack
          answers
          open {
            total
            overdue
          }
          ended {
            ...Ended
          }
        }
        screens {
          workflow
          screen
          title
          answers
          open {
            total
            overdue
          }
          ended {
            ...Ended
          }
        }
      }
    }
  `,
  [EndedFragment, TimesFragment],
);

export type TeamReport = ResultOf<typeof TeamQuery>['teamReport'];
export type TeamDay = TeamReport['days'][number];
export type TeamAge = TeamReport['ages'][number];
export type TeamReviewer = TeamReport['reviewers'][number];
export type TeamScreen = TeamReport['screens'][number];
export type TeamVariables = VariablesOf<typeof TeamQuery>;
