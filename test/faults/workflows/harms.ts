/** What a step may do to those around it. */
export const HARMS = ['throw', 'hang', 'exit', 'memory', 'large', 'nul', 'surrogate', 'prototype'] as const;
export type Harm = (typeof HARMS)[number];
