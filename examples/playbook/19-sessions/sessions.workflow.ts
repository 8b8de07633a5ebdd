import { workflow } from '@stepwell/sdk';
import { Booking } from './booking.js';
import { Book } from './steps/book.step.js';
import { GiveBack } from './steps/give-back.step.js';
import { Reserve } from './steps/reserve.step.js';

export const sessions = workflow('sessions', { input: Booking, version: 1, title: 'Book a part of a trip' })
  .then(Reserve)
  .try((branch) => branch.then(Book), { id: 'booking', catch: (failed) => failed.then(GiveBack) });
