import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsInt, IsNumber, IsOptional, IsString, ValidateNested } from 'class-validator';
import { DocumentField, DocumentListField, type DocumentMetadata, type DocumentReference } from '@stepwell/sdk';
import { FormInput } from './form-input.js';

class Part {
  @IsString()
  name!: string;
  @IsOptional()
  @IsInt()
  count?: number;
}

class Order {
  @IsString()
  id!: string;
  @IsInt()
  quantity!: number;
  @IsOptional()
  @IsNumber()
  price?: number;
  @IsBoolean()
  isUrgent!: boolean;
  @IsIn([1, 2])
  level!: number;
  @IsArray()
  @IsString({ each: true })
  tags!: string[];
  @ValidateNested({ each: true })
  @Type(() => Part)
  @ArrayMaxSize(5)
  parts!: Part[];
  @ValidateNested()
  @Type(() => Part)
  main!: Part;
  @DocumentField({ types: ['application/pdf'], maxBytes: 5 })
  letter!: DocumentReference;
  @DocumentListField({ types: ['image/*'] })
  scans!: DocumentReference[];
}

const fields = (...pairs: [string, string][]) => pairs.map(([name, text]) => ({ name, text }));
const file = (name: string, id: string) => ({ name, document: { id, fileName: `${id}.pdf`, size: 1 } as DocumentMetadata });

describe('the input of a form', () => {
  const form = new FormInput(Order);

  it('has each field at its place, as what the class declares', () => {
    const sent = fields(
      ['id', '007'],
      ['quantity', '3'],
      ['price', ''],
      ['isUrgent', 'on'],
      ['level', '2'],
      ['tags', 'a'],
      ['tags', 'b'],
      ['tags[]', 'c'],
      ['parts[0][name]', '1'],
      ['parts[0].count', '4'],
      ['parts.1.name', 'second'],
      ['main[name]', 'first'],
    );
    expect(form.inputOf({ fields: sent, files: [file('letter', 'a'), file('scans', 'b'), file('scans[]', 'c')] })).toEqual({
      ...{ id: '007', quantity: 3, isUrgent: true, level: 2, tags: ['a', 'b', 'c'] },
      ...{ parts: [{ name: '1', count: 4 }, { name: 'second' }], main: { name: 'first' } },
      letter: { id: 'a', fileName: 'a.pdf' },
      scans: ['b', 'c'].map((id) => ({ id, fileName: `${id}.pdf` })),
    });
  });

  it('may be JSON as a whole or in part, with files put into it', () => {
    const sent = fields(['input', '{"id": "a", "parts": [{"name": "x"}]}'], ['main', '{"name": "y"}'], ['parts[1].name', 'z']);
    expect(form.inputOf({ fields: sent, files: [file('letter', 'a')] })).toEqual({
      ...{ id: 'a', parts: [{ name: 'x' }, { name: 'z' }], main: { name: 'y' } },
      letter: { id: 'a', fileName: 'a.pdf' },
    });
  });

  it('stays text where nothing is declared', () => {
    expect(new FormInput(undefined).inputOf({ fields: fields(['a', '1'], ['b.c', 'true']), files: [file('d', 'x')] })).toEqual({
      ...{ a: '1', b: { c: 'true' } },
      d: { id: 'x', fileName: 'x.pdf' },
    });
  });

  it('is refused field by field where a text is not what is declared', () => {
    const sent = fields(
      ['quantity', '3 or 4'],
      ['isUrgent', 'perhaps'],
      ['id', 'a'],
      ['id', 'b'],
      ['parts[7].name', 'x'],
      ['main', 'no JSON'],
    );
    expect(() => form.inputOf({ fields: sent, files: [] })).toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        fields: [
          { path: 'quantity', message: '"3 or 4" is no number' },
          { path: 'isUrgent', message: '"perhaps" is neither true nor false' },
          { path: 'id', message: 'it is said twice' },
          { path: 'parts.7.name', message: 'items of a list are sent in their order; the next one is 0' },
          { path: 'main', message: 'the text is no JSON' },
        ],
      }),
    );
  });

  it.each(['__proto__', 'a.__proto__.b', 'constructor[__proto__]', '', '.a'])('knows no field named %j', (name) => {
    expect(() => form.inputOf({ fields: fields([name, 'x']), files: [] })).toThrow('this is no name of a field');
    expect(({} as Record<string, unknown>)['b']).toBeUndefined();
  });

  it('takes files where documents are declared, within their limits, and nowhere else', () => {
    expect(form.limitsOf('letter')).toEqual({ types: ['application/pdf'], maxBytes: 5 });
    expect(form.limitsOf('scans[]')).toEqual({ types: ['image/*'], maxBytes: undefined });
    expect(() => form.limitsOf('id')).toThrow('id: no file is taken here');
    expect(new FormInput(undefined).limitsOf('anything')).toEqual({});
  });
});
