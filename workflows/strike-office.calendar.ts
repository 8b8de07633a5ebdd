import { businessCalendar } from '@stepwell/sdk';

/** When those who read strike reports are at work. */
export const strikeOffice = businessCalendar({ name: 'strike-office', zone: 'America/New_York', holidays: { country: 'US' } });
