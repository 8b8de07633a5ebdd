/** A workflow whose screen shows documents beside its form. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledProject, compiledWith } from '../server/compiled-with.js';

const CLASSES = `
  import { IsString } from 'class-validator';
  class Booking {}
  IsString()(Booking.prototype, 'vendor');
  IsString()(Booking.prototype, 'total');

  class BookInvoice {
    answer = Booking;
    props({ input: { found, ...facts } }) {
      return { ...facts, evidence: sdk.evidence(Booking, found ?? {}) };
    }
  }
  sdk.Screen({ id: 'book-invoice', title: 'Book an invoice' })(BookInvoice);
`;

const WORKFLOWS = `sdk.workflow('invoice', { version: 1, title: 'Book invoices' }).screen(BookInvoice)`;

export function compiledWithInvoices(): CompiledProject {
  const project = compiledWith(WORKFLOWS, CLASSES, ['BookInvoice']);
  cpSync(join('dist', 'web'), join(project.dist, 'web'), { recursive: true });
  return project;
}
