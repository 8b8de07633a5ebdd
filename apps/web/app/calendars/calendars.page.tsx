// By which calendars the workflows of this server count business time, and who counts by which.
import { Skeleton } from '@mantine/core';
import { IconCalendarOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useKeptQuery } from '../connection/use-kept-query.js';
import { EmptyState } from '../feedback/empty-state.js';
import { FailureNote } from '../feedback/failure-note.js';
import { FailureState } from '../feedback/failure-state.js';
import { ListPage } from '../list/list-page.js';
import { calendarTitle, placeWords } from './calendar-words.js';
import { CalendarsQuery, type ListedCalendar } from './calendars.query.js';
import frame from '../list/list.module.css';
import classes from './calendars.module.css';

const NOTHING = {};

export function CalendarsPage() {
  const { data, error, refresh } = useKeptQuery(CalendarsQuery, NOTHING);
  return (
    <ListPage title="Calendars" toolbar={null} lead="What a business day is, for the times of waits, screens and escalations.">
      {error && data ? <FailureNote error={error} onRetry={refresh} /> : null}
      {data ? (
        data.calendars.length === 0 ? (
          <EmptyState icon={<IconCalendarOff size={32} stroke={1.4} />} title="No workflow counts in business time here">
            A calendar appears here when a hosted workflow names one in its code.
          </EmptyState>
        ) : (
          <ul className={`panel ${frame.rows} ${classes.list}`} aria-label="Calendars">
            {data.calendars.map((calendar) => (
              <CalendarRow key={calendar.id} calendar={calendar} />
            ))}
          </ul>
        )
      ) : error ? (
        <FailureState error={error} onRetry={refresh} />
      ) : (
        <Skeleton height={220} radius="md" mt="sm" role="status" aria-label="Loading the calendars" />
      )}
    </ListPage>
  );
}

function CalendarRow({ calendar }: { readonly calendar: ListedCalendar }) {
  const { id, zone, place, usedBy } = calendar;
  const workflows = [...new Set(usedBy.map(({ title }) => title))];
  return (
    <li>
      <Link to="/calendars/$calendarId" params={{ calendarId: id }} className={`${frame.row} ${classes.row}`} data-calendar={id}>
        <span className={classes.name}>{calendarTitle(calendar)}</span>
        <span className={frame.soft}>
          {zone}, {placeWords(place)}
        </span>
        <span className={frame.soft}>{workflows.join(', ')}</span>
      </Link>
    </li>
  );
}
