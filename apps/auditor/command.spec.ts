import { type Command, positiveNumber, runCommand, wholeNumber, WrongCall } from './command.js';

const { jest } = import.meta;

const OPTIONS = { kills: { type: 'string', default: '3' }, log: { type: 'boolean', default: false } } as const;

describe('a command', () => {
  const said: string[] = [];
  beforeEach(() => {
    said.length = 0;
    jest.spyOn(console, 'error').mockImplementation((text: string) => void said.push(text));
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean(said.push(String(text))));
  });
  afterEach(() => jest.restoreAllMocks());

  const call = (words: string[], run: Command<typeof OPTIONS>['run'] = () => Promise.resolve(0)) =>
    runCommand({ name: 'crash', help: 'All of it.\n', options: OPTIONS, run }, words);

  it('gets its options, and gives its exit code', async () => {
    expect(await call(['--kills', '7'], async ({ kills, log }) => Number(kills) + Number(log))).toBe(7);
    expect(said).toEqual([]);
  });

  it.each(['--help', '-h'])('says what there is: %s', async (word) => {
    expect(await call([word], () => Promise.reject(new Error('not run')))).toBe(0);
    expect(said).toEqual(['All of it.\n']);
  });

  it.each([
    [['--nonsense'], "Unknown option '--nonsense'."],
    [['now'], "Unexpected argument 'now'."],
    [['\r\na: b. This is'], "Unexpected argument ' a: b. This is'."],
    [['--kills'], "Option '--kills <value>' argument missing."],
    [['--kills', '--log'], "Option '--kills' argument is ambiguous."],
    [['--log=yes'], "Option '--log' does not take an argument."],
  ])('refuses %j in a sentence, with the way to its help', async (words, sentence) => {
    expect(await call(words)).toBe(2);
    expect(said).toEqual([`${sentence} What there is, says: npm run crash -- --help`]);
  });

  it('says what is wrong with a number', async () => {
    expect(await call(['--kills', 'many'], async ({ kills }) => wholeNumber('--kills', kills))).toBe(2);
    expect(said[0]).toMatch(/^--kills is "many", but it is a whole number/);
    for (const wrong of ['', '-1', '0', '1e3', 'NaN', '9'.repeat(400)]) expect(() => positiveNumber('--rate', wrong)).toThrow(WrongCall);
    expect([positiveNumber('--rate', '0.5'), positiveNumber('--rate', '0', 'from zero')]).toEqual([0.5, 0]);
  });

  it('keeps the stack of its own faults', async () => {
    await expect(call([], () => Promise.reject(new TypeError('a fault')))).rejects.toThrow(TypeError);
  });
});
