import { useEffect } from 'react';
import type { Json } from '../../../graphql.js';
import { NextButton } from '../../next/next-button.js';
import classes from '../answer-panel.module.css';
import { ReviewTable } from './review-table.js';
import { answeredWords, type Reviews } from './review-words.js';

interface AnsweredPanelProps {
  readonly reviews: Reviews;
  readonly form: Json;
  /** Nobody may give another answer, or settle it. */
  readonly isNobodyLeft: boolean;
  readonly onReady: () => void;
}

/** In the place of the form, for somebody who has answered: others have to, before it is decided. */
export function AnsweredPanel({ reviews, form, isNobodyLeft, onReady }: AnsweredPanelProps) {
  useEffect(onReady, [onReady]);
  return (
    <section className={`panel ${classes.panel}`} style={{ paddingBottom: 14 }} aria-label="Your answer">
      <header className={classes.header}>
        <h2 className={classes.title}>You have answered</h2>
      </header>
      <p style={{ margin: '0 0 8px' }}>{answeredWords(reviews, isNobodyLeft)}</p>
      <ReviewTable reviews={reviews} form={form} />
      <p style={{ margin: '12px 0 0' }}>
        <NextButton />
      </p>
    </section>
  );
}
