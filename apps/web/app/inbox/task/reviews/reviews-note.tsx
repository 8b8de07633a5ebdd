import { Alert } from '@mantine/core';
import type { Json } from '../../../graphql.js';
import { ReviewTable } from './review-table.js';
import { type Reviews, standWords, toAnswerWords } from './review-words.js';

interface ReviewsNoteProps {
  readonly reviews: Reviews;
  readonly form: Json;
  readonly mayDecide: boolean;
}

/** Above the form of a task that several people answer: how far it has come, and what the others said, as far as it is shown. */
export function ReviewsNote({ reviews, form, mayDecide }: ReviewsNoteProps) {
  return (
    <Alert color={reviews.isDisputed ? 'yellow' : 'gray'} variant="light" p="xs" mb="sm" role="note" aria-label="Reviews">
      {mayDecide ? toAnswerWords(reviews) : standWords(reviews)}
      {reviews.shown.length > 0 ? <ReviewTable reviews={reviews} form={form} /> : null}
    </Alert>
  );
}
