import { Type } from 'class-transformer';
import * as validators from 'class-validator';
import { validated } from './validated.js';

const { ArrayMaxSize, IsArray, IsEmail, IsIn, IsInt, IsNotEmpty, IsNumber, IsOptional, IsString, Length } = validators;
const { Matches, Max, MaxLength, Min, MinLength } = validators;

const words = async (decorators: readonly PropertyDecorator[], value: unknown): Promise<readonly string[]> => {
  class Answer {}
  decorators.forEach((decorate) => decorate(Answer.prototype, 'field'));
  const result = await validated(Answer, { field: value });
  return result.ok ? [] : result.fields.map(({ message }) => message);
};

describe('what is wrong with a field', () => {
  it.each<[string, readonly PropertyDecorator[], unknown, readonly string[]]>([
    ['nothing stands in it', [IsNotEmpty()], '', ['Needs a value']],
    ['it is missing, whatever else it should be', [IsString(), Length(2, 80), IsEmail()], undefined, ['Needs a value']],
    ['it is missing, and there is a choice', [IsIn(['pay', 'refuse']), IsNotEmpty()], undefined, ['Needs a choice']],
    ['it is none of a few', [IsIn(['pay', 'refuse'])], 'both', ['Needs one of: pay, refuse']],
    ['one of several is none of a few', [IsIn(['pay', 'refuse'], { each: true })], ['both'], ['In each entry: needs one of: pay, refuse']],
    ['it is too long', [MaxLength(40)], 'x'.repeat(41), ['At most 40 characters']],
    ['it is too short', [MinLength(1)], 'x', []],
    ['it is too short for a length', [Length(2, 80)], 'x', ['At least 2 characters']],
    ['it is too long for a length', [Length(2, 3)], 'xxxx', ['At most 3 characters']],
    ['it is no text', [Length(2, 3)], 7, ['From 2 to 3 characters']],
    ['it is too much', [Min(1), Max(1)], 2, ['At most 1']],
    ['it is no number', [IsInt()], 1.5, ['Needs a whole number']],
    ['it has too many decimals', [IsNumber({ maxDecimalPlaces: 2 })], 12.345, ['At most 2 decimals']],
    ['it is no number, and few decimals fit', [IsNumber({ maxDecimalPlaces: 1 })], 'x', ['Needs a number with at most 1 decimal']],
    ['it is no number, and has other options', [IsNumber({ allowNaN: false })], 'x', ['Needs a number']],
    ['there are too many', [IsArray(), ArrayMaxSize(1)], [1, 2], ['At most 1 entry']],
    ['one of several is wrong', [IsString({ each: true })], ['a', 1], ['In each entry: needs a text']],
    ['it is written wrongly', [Matches(/^a$/)], 'b', ['Is not written as it has to be']],
    ['it is no such choice', [IsIn(Array.from({ length: 13 }, (_, index) => index))], 99, ['Needs one of the choices']],
  ])('%s', async (_, decorators, value, expected) => {
    expect(await words(decorators, value)).toEqual(expected);
  });

  it("is said in the author's words where there are some, also when it is missing", async () => {
    const own = [IsNotEmpty({ message: 'Say why.' }), MaxLength(3, { message: ({ property }) => `Shorten ${property}.` })];
    expect(await words(own, 'xxxx')).toEqual(['Shorten field.']);
    expect(await words([...own, IsString()], undefined)).toEqual(expect.arrayContaining(['Say why.']));
    expect(await words([...own, IsString()], undefined)).not.toContain('Needs a text');
  });

  it('stays as an unknown validator says it', async () => {
    expect(await words([validators.IsBIC()], 'x')).toEqual(['field must be a BIC or SWIFT code']);
  });

  it('stays as class-validator says it where options narrow what fits: they may be what is wrong', async () => {
    const { IsDecimal, IsNumberString, IsUrl } = validators;
    expect(await words([IsDecimal({ decimal_digits: '2' })], '12.345')).toEqual(['field is not a valid decimal number.']);
    expect(await words([IsUrl({ protocols: ['https'] })], 'http://example.org')).toEqual(['field must be a URL address']);
    expect(await words([IsNumberString({ no_symbols: true })], '1.5')).toEqual(['field must be a number string']);
    expect(await words([IsEmail({ host_whitelist: ['example.org'] })], 'ada@example.com')).toEqual(['field must be an email']);
    expect(await words([IsUrl({ protocols: ['https'] })], undefined)).toEqual(['Needs a value']);
    expect(await words([IsDecimal()], 'x')).toEqual(['Needs a number']);
  });

  it('is said so deep inside, too, and of a class that inherits', async () => {
    class Base {
      @IsInt()
      count!: number;
    }
    class Line extends Base {
      @IsOptional()
      @MaxLength(2)
      name?: string;
    }
    class Answer {
      @validators.ValidateNested({ each: true })
      @Type(() => Line)
      lines!: Line[];
    }
    expect(await validated(Answer, { lines: [{ count: 'x', name: 'abc' }] })).toEqual({
      ok: false,
      fields: [
        { path: 'lines.0.name', message: 'At most 2 characters' },
        { path: 'lines.0.count', message: 'Needs a whole number' },
      ],
    });
  });

  it('of those that forms are made of, none speaks as class-validator does', async () => {
    const common: readonly PropertyDecorator[] = [
      ...[IsString(), IsNotEmpty(), IsInt(), Min(5), Max(1), MinLength(3), MaxLength(1), Length(2, 1), IsEmail(), IsIn(['a'])],
      ...[validators.IsBoolean(), validators.IsNumber(), validators.IsEnum({ A: 'a' }), validators.IsDateString(), validators.IsUrl()],
      ...[validators.IsPositive(), validators.IsUUID(), IsArray(), validators.ArrayMinSize(3), ArrayMaxSize(1), validators.ArrayUnique()],
    ];
    for (const decorator of common)
      for (const value of [{}, undefined, 0, 'xx', ['x', 'x']])
        expect((await words([decorator], value)).join()).not.toMatch(/\bfield\b|must|should|string|boolean value/);
  });
});
