// One calendar: its hours, a year with what is unusual in it, and what a time comes to.
import { Anchor } from '@mantine/core';
import { IconCalendarOff } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { useKeptQuery } from '../connection/use-kept-query.js';
import { EmptyState } from '../feedback/empty-state.js';
import { ItemHeader, ItemPage } from '../list/item-page.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { humaniseKey } from '../values/humanise-key.js';
import { calendarTitle, placeWords } from './calendar-words.js';
import { CalendarQuery, type CalendarDetails } from './calendars.query.js';
import { DuePreview } from './due-preview.js';
import { YearView } from './year-view.js';
import { localNow } from './zone-time.js';
import frame from '../list/list.module.css';
import classes from './calendars.module.css';

const route = getRouteApi('/calendars/$calendarId');

export function CalendarPage() {
  const { calendarId } = route.useParams();
  const { year = null } = route.useSearch();
  const query = useKeptQuery(CalendarQuery, { id: calendarId, year });
  const calendar = query.data?.calendar;
  useDocumentTitle(calendar ? calendarTitle(calendar) : 'Calendar');
  return (
    <ItemPage query={query} item={query.data === undefined ? undefined : calendar} what="the calendar" none={<NoCalendar />}>
      {(found) => <Calendar calendar={found} />}
    </ItemPage>
  );
}

function NoCalendar() {
  return (
    <EmptyState icon={<IconCalendarOff size={32} stroke={1.4} />} title="No hosted workflow counts by such a calendar">
      Its name may have changed.{' '}
      <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/calendars" {...props} />}>
        All calendars
      </Anchor>
    </EmptyState>
  );
}

function Calendar({ calendar }: { readonly calendar: CalendarDetails }) {
  const { zone, place, usedBy } = calendar;
  const search = route.useSearch();
  return (
    <>
      <ItemHeader of={{ to: '/calendars', title: 'Calendars' }} title={calendarTitle(calendar)}>
        <span>{zone}</span>
        <span>{placeWords(place)}</span>
        <span>
          used by{' '}
          {usedBy.map(({ workflow, version, title }, index) => (
            <Fragment key={`${workflow}@${version}`}>
              {index > 0 ? ', ' : ''}
              <Anchor
                size="sm"
                underline="always"
                renderRoot={(props) => <Link to="/workflows/$name" params={{ name: workflow }} search={{ version }} {...props} />}
              >
                {title}
              </Anchor>
            </Fragment>
          ))}
        </span>
      </ItemHeader>
      <div className={frame.columns}>
        <DuePreview key={calendar.id} calendar={calendar} search={search} />
        <Hours calendar={calendar} />
      </div>
      <YearView calendar={calendar} year={search.year ?? Number(localNow(zone).slice(0, 4))} />
    </>
  );
}

function Hours({ calendar: { week } }: { readonly calendar: CalendarDetails }) {
  return (
    <section className={`panel ${frame.box}`} aria-labelledby="calendar-hours">
      <h2 id="calendar-hours" className={frame.boxTitle}>
        Hours
      </h2>
      <table className={classes.table}>
        <tbody>
          {week.map(({ weekday, hours }) => (
            <tr key={weekday} data-closed={hours.length === 0 || undefined}>
              <th scope="row">{humaniseKey(weekday)}</th>
              <td className="numbers">{hours.length === 0 ? 'closed' : hours.join(', ').replaceAll('-', '–')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
