import type { MantineColorsTuple } from '@mantine/core';

/** The colour of deep water: links, the primary action, what is selected. */
export const well: MantineColorsTuple = [
  '#eaf6f7',
  '#d6eaec',
  '#acd5da',
  '#7fc0c8',
  '#5aaeb8',
  '#43a0ac',
  '#2f909d',
  '#1d7984',
  '#11656f',
  '#08525b',
];

/** Neutral greys with a little of the water in them, light side. */
export const gray: MantineColorsTuple = [
  '#f6f8f8',
  '#eef1f2',
  '#e2e7e9',
  '#d3dadd',
  '#bcc6ca',
  '#98a5aa',
  '#6b797f',
  '#4a575d',
  '#333f44',
  '#1c2529',
];

/** The same, dark side: text at 0, lines at 4, surfaces from 5 down. */
export const dark: MantineColorsTuple = [
  '#d8e0e3',
  '#b7c3c8',
  '#93a2a9',
  '#6f8089',
  '#34424a',
  '#27333a',
  '#1b252b',
  '#10171b',
  '#0b1013',
  '#06090b',
];
