import { workflow } from '@stepwell/sdk';
import { Article } from './article.js';
import { StopForReview } from './stop-for-review.js';

export const contentReview = workflow('content-review', {
  input: Article,
  version: 1,
  title: 'Publish an article',
  interceptors: [StopForReview],
})
  .then('write', ({ input }) => ({ draft: `All about ${input.topic}.` }))
  .then('publish', (ctx) => ({ text: ctx.resultOf<{ draft: string }>('write').draft, comment: ctx.input.comment ?? null }));
