import { WorkflowModule } from '@stepwell/sdk';
import { Book, Books } from './books.js';
import { checkpoints } from './checkpoints.workflow.js';
import { MoveAddresses } from './steps/move-addresses.step.js';

const booksOfSettings = () =>
  new Books(
    new Book(process.env['OLD_BOOK_URL'] ?? 'https://old-book.example'),
    new Book(process.env['FRESH_BOOK_URL'] ?? 'https://fresh-book.example'),
  );

@WorkflowModule({ workflows: [checkpoints], providers: [MoveAddresses, { provide: Books, useFactory: booksOfSettings }] })
export class CheckpointsModule {}
