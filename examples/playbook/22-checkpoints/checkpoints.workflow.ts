import { workflow } from '@stepwell/sdk';
import { Move } from './move.js';
import { MoveAddresses } from './steps/move-addresses.step.js';

export const checkpoints = workflow('checkpoints', { input: Move, version: 1, title: 'Move an address book' })
  .then(MoveAddresses)
  .then('tell', (ctx) => `${ctx.resultOf(MoveAddresses).moved} addresses of ${ctx.input.customer} have moved.`);
