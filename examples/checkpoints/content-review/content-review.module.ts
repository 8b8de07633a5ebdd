import { WorkflowModule } from '@stepwell/sdk';
import { contentReview } from './content-review.workflow.js';
import { Reviews } from './reviews.js';
import { StopForReview } from './stop-for-review.js';

@WorkflowModule({ workflows: [contentReview], providers: [Reviews, StopForReview] })
export class ContentReviewModule {}
