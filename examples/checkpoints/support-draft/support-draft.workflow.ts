import { workflow } from '@stepwell/sdk';
import { Question } from './question.js';
import { StopBeforeSending } from './stop-before-sending.js';

export const supportDraft = workflow('support-draft', {
  input: Question,
  version: 1,
  title: 'Answer a customer',
  interceptors: [StopBeforeSending],
})
  .then('draft', ({ input }) => `Dear ${input.customer}, thank you for asking about "${input.text}".`)
  .then('send', (ctx) => ({ sent: ctx.input.answer ?? ctx.resultOf<string>('draft') }));
