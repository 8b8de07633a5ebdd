// What if: a time and when it begins give when it is over, and why then, day by day.
import { Button, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState, type FormEvent } from 'react';
import { describeFailure, isRefused } from '../connection/request-error.js';
import { useKeptQuery } from '../connection/use-kept-query.js';
import { countedWords } from './calendar-words.js';
import { isLocalTime, isTimeSpan, readCalendarSearch, type CalendarSearch } from './calendar-search.js';
import { CountQuery, type BusinessCount, type CalendarDetails } from './calendars.query.js';
import { formatDate, formatInZone, localNow } from './zone-time.js';
import frame from '../list/list.module.css';
import classes from './calendars.module.css';

interface DuePreviewProps {
  readonly calendar: CalendarDetails;
  readonly search: CalendarSearch;
}

/** What is wrong with a field, by the field. */
interface Wrong {
  readonly of?: string;
  readonly from?: string;
}

export function DuePreview({ calendar: { id, zone }, search }: DuePreviewProps) {
  const navigate = useNavigate({ from: '/calendars/$calendarId' });
  const title = useId();
  const [now] = useState(() => localNow(zone));
  const [of, setOf] = useState(search.of ?? '1bd');
  const [from, setFrom] = useState(search.from ?? now);
  const [wrong, setWrong] = useState<Wrong>({});
  // The address may change without these fields, by the way back; they stay the same fields, so that who types in one stays there.
  const [counted, setCounted] = useState(search);
  if (counted.of !== search.of || counted.from !== search.from) {
    setCounted(search);
    setOf(search.of ?? '1bd');
    setFrom(search.from ?? now);
    setWrong({});
  }
  const { data, error } = useKeptQuery(CountQuery, { id, of: search.of ?? '1bd', from: search.from ?? now });
  const count = data?.calendar?.count;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found: Wrong = {
      ...(isTimeSpan(of.trim()) ? {} : { of: of.trim() === '' ? 'Needs a time, such as 2bd.' : 'Write 2bd, 4bh, 30bm or 36h.' }),
      ...(isLocalTime(from) ? {} : { from: from === '' ? 'Needs a day and a time.' : 'Needs a day from 1970 to 2100.' }),
    };
    setWrong(found);
    if (found.of !== undefined || found.from !== undefined) return;
    void navigate({ search: readCalendarSearch({ ...search, of, from }), replace: true });
  };
  return (
    <section className={`panel ${frame.box}`} aria-labelledby={title}>
      <h2 id={title} className={frame.boxTitle}>
        When is it due?
      </h2>
      {/* What is wrong stands at its field, in the page's own words. */}
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          label="Time"
          description="2bd, 4bh, 30bm; or plain: 36h"
          value={of}
          onChange={({ currentTarget }) => setOf(currentTarget.value)}
          error={wrong.of}
        />
        <TextInput
          type="datetime-local"
          label="Begins"
          description={`By the clock of ${zone}`}
          value={from}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
          error={wrong.from}
        />
        <Button type="submit" size="xs" variant="default">
          Count
        </Button>
      </form>
      <div role="status">{count && !error ? <Due count={count} zone={zone} /> : null}</div>
      {error ? (
        <p className={classes.due} role="alert">
          {isRefused(error) ? `${search.of ?? '1bd'} reaches further than can be counted here.` : describeFailure(error).message}
        </p>
      ) : null}
      {count && !error && count.days.length > 0 ? <Days count={count} zone={zone} /> : null}
    </section>
  );
}

interface CountProps {
  readonly count: BusinessCount;
  readonly zone: string;
}

function Due({ count: { end, isPlain }, zone }: CountProps) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return (
    <p className={classes.due}>
      Due <time dateTime={end}>{formatInZone(end, zone)}</time>
      {formatInZone(end, zone) === formatInZone(end, timeZone) ? null : (
        <span className={classes.soft}> ({formatInZone(end, timeZone)} where you are)</span>
      )}
      {isPlain ? <span className={classes.soft}> Nights and closed days pass, too.</span> : null}
    </p>
  );
}

function Days({ count, zone }: CountProps) {
  const { days, end } = count;
  // A page of days is shown; whoever counts further wants to know the end.
  const isCut = days.length === 100;
  return (
    <>
      <ol className={classes.days} aria-label="Day by day">
        {days.map((day, index) => (
          <li key={day.date} data-counted={day.counted > 0 || undefined} data-open={day.openings.length > 0 || undefined}>
            <span className="numbers">{formatDate(day.date)}</span>
            <span>{countedWords(day, index, count, zone)}</span>
          </li>
        ))}
      </ol>
      {isCut ? <p className={classes.soft}>And so on, until {formatInZone(end, zone)}.</p> : null}
    </>
  );
}
