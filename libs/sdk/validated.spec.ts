import { Type } from 'class-transformer';
import { IsIn, IsNumber, IsObject, IsString, ValidateNested } from 'class-validator';
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

class Free {
  @IsObject()
  data!: object;
}

class Nothing {}

class Around {
  @ValidateNested()
  @Type(() => Nothing)
  inner!: Nothing;

  @ValidateNested({ each: true })
  @Type(() => Nothing)
  list!: Nothing[];
}

class Untyped {
  @ValidateNested()
  inner!: object;
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
        { path: 'state', message: 'Needs one of: new, paid' },
        { path: 'lines.1.sku', message: 'Needs a text' },
        { path: 'lines.1.count', message: 'Needs a number' },
      ],
    });
  });

  it('refuses fields the class does not have, so that nothing unseen is stored', async () => {
    const result = await validated(Order, { state: 'new', lines: [], price: 1 });
    expect(result).toEqual({ ok: false, fields: [{ path: 'price', message: 'There is no such field: leave it out' }] });
  });

  it('takes an empty object for a class without fields, and refuses by name what is in another', async () => {
    const message = 'There is no such field: leave it out';
    const result = await validated(Nothing, {});
    expect(result.ok && result.value).toBeInstanceOf(Nothing);
    expect(await validated(Nothing, { a: 1, b: null })).toEqual({ ok: false, fields: [{ path: 'a', message }, { path: 'b', message }] }); // prettier-ignore
    expect(await validated(Around, { inner: {}, list: [{}, {}] })).toMatchObject({ ok: true });
    expect(await validated(Around, { inner: { a: 1 }, list: [{}, { b: 1 }] })).toEqual({
      ok: false,
      fields: [
        { path: 'inner.a', message },
        { path: 'list.1.b', message },
      ],
    });
  });

  it.each([[{}], [{ a: 1 }]])('refuses %j where no class says what belongs into it, and says where', async (inner) => {
    expect(await validated(Untyped, { inner })).toEqual({ ok: false, fields: [{ path: 'inner', message: expect.any(String) }] });
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuses a field named %s at any depth, known or not', async (name) => {
    const texts = [`{"state":"new","lines":[],"${name}":{"x":1}}`, `{"state":"new","lines":[{"sku":"a","count":1,"${name}":1}]}`];
    const message = `${name} is a reserved name: give the field another`;
    const [own, nested] = await Promise.all(texts.map((text) => validated(Order, JSON.parse(text))));
    expect(own).toEqual({ ok: false, fields: [{ path: name, message }] });
    expect(nested).toEqual({ ok: false, fields: [{ path: `lines.0.${name}`, message }] });
    const free = await validated(Free, JSON.parse(`{"data":{"deep":[{"${name}":1}]}}`));
    expect(free).toEqual({ ok: false, fields: [{ path: `data.deep.0.${name}`, message }] });
  });

  it.each([[null], [undefined], [1], ['text'], [[]]])('refuses %j, which is no object', async (value) => {
    expect(await validated(Order, value)).toEqual({ ok: false, fields: [{ path: '', message: 'an object is needed here' }] });
  });
});
