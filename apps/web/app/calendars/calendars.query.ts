import { graphql, type ResultOf } from '../graphql.js';

export const CalendarsQuery = graphql(`
  query Calendars {
    calendars {
      id
      name
      zone
      place
      usedBy {
        workflow
        version
        title
      }
    }
  }
`);
export type ListedCalendar = ResultOf<typeof CalendarsQuery>['calendars'][number];

export const CalendarQuery = graphql(`
  query Calendar($id: ID!, $year: Int) {
    calendar(calendar: $id) {
      id
      name
      zone
      place
      week {
        weekday
        hours
      }
      usedBy {
        workflow
        version
        title
      }
      unusualDays(year: $year) {
        date
        holiday
        openings {
          from
          to
        }
      }
    }
  }
`);
export type CalendarDetails = NonNullable<ResultOf<typeof CalendarQuery>['calendar']>;
export type UnusualDay = CalendarDetails['unusualDays'][number];

export const CountQuery = graphql(`
  query BusinessCount($id: ID!, $of: String!, $from: String!) {
    calendar(calendar: $id) {
      id
      count(of: $of, from: $from) {
        from
        begin
        end
        isPlain
        isInDays
        days {
          date
          holiday
          counted
          openings {
            from
            to
          }
        }
      }
    }
  }
`);
export type BusinessCount = NonNullable<ResultOf<typeof CountQuery>['calendar']>['count'];
export type CountedDay = BusinessCount['days'][number];
