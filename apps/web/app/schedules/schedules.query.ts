import { graphql, type ResultOf } from '../graphql.js';

export const SchedulesQuery = graphql(`
  query Schedules {
    schedules {
      id
      workflow
      cron
      description
      zone
      overlap
      catchUp
      isPaused
      pausedAt
      pauseReason
      pausedBy {
        name
      }
      nextFirings(first: 5)
      slots(first: 6) {
        dueAt
        outcome
        reason
        runId
      }
    }
  }
`);
export type ScheduleDetails = ResultOf<typeof SchedulesQuery>['schedules'][number];

export const PauseSchedule = graphql(`
  mutation PauseSchedule($schedule: ID!, $reason: String) {
    pauseSchedule(schedule: $schedule, reason: $reason) {
      schedule {
        id
        isPaused
      }
      errors {
        message
      }
    }
  }
`);

export const ResumeSchedule = graphql(`
  mutation ResumeSchedule($schedule: ID!) {
    resumeSchedule(schedule: $schedule) {
      schedule {
        id
        isPaused
      }
      errors {
        message
      }
    }
  }
`);

export const RunScheduleNow = graphql(`
  mutation RunScheduleNow($schedule: ID!) {
    runScheduleNow(schedule: $schedule) {
      run {
        id
      }
      errors {
        message
      }
    }
  }
`);
