import { playPairs } from './pairs.js';

describe('in every order', () => playPairs(1));
