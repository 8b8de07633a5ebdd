import { Type } from 'class-transformer';
import { IsIn, IsNumber, IsString, ValidateNested } from 'class-validator';
import { validated } from './validated.js';

class Line {
  @IsString()
  sku!: string;

  @IsNumber()
  count!: number;
}

class Order {
  @IsIn(['new', 'paid'])
  state!: string;

  @ValidateNested({ each: true })
  @Type(() => Line)
  lines!: Line[];
}

describe('validating a JSON value against its class', () => {
  it('gives an instance of the class, nested classes included', async () => {
    const result = await validated(Order, { state: 'new', lines: [{ sku: 'a', count: 1 }] });
    expect(result.ok && result.value).toBeInstanceOf(Order);
    expect(result.ok && result.value.lines[0]).toBeInstanceOf(Line);
  });

  it('names each wrong field by its path', async () => {
    const result = await validated(Order, { state: 'lost', lines: [{ sku: 'a', count: 1 }, { sku: 2, count: 'x' }] }); // prettier-ignore
    expect(result).toEqual({
      ok: false,
      fields: [
        { path: 'state', message: 'state must be one of the following values: new, paid' },
        { path: 'lines.1.sku', message: 'sku must be a string' },
        { path: 'lines.1.count', message: 'count must be a number conforming to the specified constraints' },
      ],
    });
  });

  it('refuses fields the class does not have, so that nothing unseen is stored', async () => {
    const result = await validated(Order, { state: 'new', lines: [], price: 1 });
    expect(result).toEqual({ ok: false, fields: [{ path: 'price', message: 'property price should not exist' }] });
  });

  it.each([[null], [undefined], [1], ['text'], [[]]])('refuses %j, which is no object', async (value) => {
    expect(await validated(Order, value)).toEqual({ ok: false, fields: [{ path: '', message: 'an object is needed here' }] });
  });
});
