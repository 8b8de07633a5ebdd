import { humaniseKey, humaniseWord } from './humanise-key.js';

it.each([
  ['aircraftOperator', 'Aircraft operator'],
  ['cost_total_usd', 'Cost total USD'],
  ['reportId', 'Report ID'],
  ['phase-of-flight', 'Phase of flight'],
  ['strike.reviewed', 'Strike reviewed'],
  ['IASSpeed', 'IAS speed'],
])('humanises the key %s as %s', (key, text) => {
  expect(humaniseKey(key)).toBe(text);
});

it.each([
  ['not-a-strike', 'Not a strike'],
  ['substantial', 'Substantial'],
  ['DENVER INTL', 'DENVER INTL'],
  ['B-737-300', 'B-737-300'],
  ['A sentence stays as it is.', 'A sentence stays as it is.'],
])('shows the word %s as %s', (word, text) => {
  expect(humaniseWord(word)).toBe(text);
});
