import { Type } from 'class-transformer';
import { IsOptional, IsString, ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { DocumentField, DocumentListField, HiddenField } from './document-fields.js';
import { documentsIn } from './documents-in.js';
import type { DocumentReference } from './documents.js';
import { formSchemaOf } from './form-schema.js';
import { validated } from './validated.js';

class Annex {
  @DocumentListField({ maxCount: 2, types: ['image/*'] })
  scans!: DocumentReference[];
}

class Claim {
  @DocumentField({ types: ['application/pdf'], maxBytes: 1000 })
  @JSONSchema({ description: 'As it was sent.' })
  report!: DocumentReference;

  @IsOptional()
  @DocumentListField({ minCount: 1 })
  others?: DocumentReference[];

  @IsOptional()
  @ValidateNested()
  @Type(() => Annex)
  annex?: Annex;

  @HiddenField()
  @IsString()
  createdBy!: string;
}

const document = (number: number): DocumentReference => ({ id: `01890000-0000-7000-8000-00000000000${number}`, fileName: `${number}.pdf` });
const reference = {
  type: 'object',
  properties: { id: { type: 'string', format: 'uuid' }, fileName: { type: 'string', minLength: 1 } },
  required: ['id', 'fileName'],
  additionalProperties: false,
};

describe('a field with documents', () => {
  it('says in the schema that it is one, how many it takes, and its limits', () => {
    const { properties, required } = formSchemaOf(Claim) as { properties: Record<string, unknown>; required: string[] };
    expect(properties['report']).toEqual({
      ...reference,
      ...{ title: 'Report', description: 'As it was sent.' },
      ...{ 'x-formFieldType': 'file', 'x-mediaTypes': ['application/pdf'], 'x-maxBytes': 1000 },
    });
    expect(properties['others']).toEqual({
      ...{ type: 'array', items: { ...reference, title: 'Document' }, minItems: 1 },
      ...{ title: 'Others', 'x-formFieldType': 'multi-file' },
    });
    expect(properties['annex']).toMatchObject({
      properties: { scans: { 'x-formFieldType': 'multi-file', maxItems: 2, 'x-mediaTypes': ['image/*'] } },
    });
    expect(properties['createdBy']).toEqual({ type: 'string', title: 'Created by', 'x-formFieldType': 'hidden' });
    expect(required).toEqual(['report', 'createdBy']);
  });

  it('takes references and nothing else', async () => {
    const claim = { report: document(1), createdBy: 'x' };
    expect(await validated(Claim, { ...claim, others: [document(2)], annex: { scans: [document(3), document(4)] } })).toMatchObject({
      ok: true,
    });
    for (const report of ['a', [], { id: 'a', fileName: 'b' }, { ...document(1), fileName: '' }, { ...document(1), size: 1 }]) {
      expect(await validated(Claim, { ...claim, report })).toEqual({
        ok: false,
        fields: [{ path: 'report', message: 'Needs a document: { id, fileName }' }],
      });
    }
    for (const report of [null, undefined, {}])
      expect(await validated(Claim, { ...claim, report })).toEqual({ ok: false, fields: [{ path: 'report', message: 'Needs a file' }] });
    const wrong = { ...claim, others: [], annex: { scans: [1, 2, 3].map(document) } };
    expect(await validated(Claim, wrong)).toEqual({
      ok: false,
      fields: [
        { path: 'others', message: 'At least 1 file' },
        { path: 'annex.scans', message: 'At most 2 files' },
      ],
    });
  });

  it('is found in an input, with its limits, however deep', () => {
    const input = { report: document(1), others: [document(2), document(3)], annex: { scans: [document(4)] }, createdBy: 'x' };
    expect(documentsIn(Claim, input as never)).toEqual([
      { path: 'report', document: document(1), types: ['application/pdf'], maxBytes: 1000 },
      { path: 'others.0', document: document(2), types: undefined, maxBytes: undefined },
      { path: 'others.1', document: document(3), types: undefined, maxBytes: undefined },
      { path: 'annex.scans.0', document: document(4), types: ['image/*'], maxBytes: undefined },
    ]);
  });

  it.each([
    [() => DocumentField({ types: ['pdf'] }), 'Form.file: "pdf" is no media type such as image/png or image/*.'],
    [() => DocumentField({ maxBytes: 0 }), 'Form.file: maxBytes is 0, which is no whole number of at least 1.'],
    [() => DocumentListField({ maxCount: 1.5 }), 'Form.file: maxCount is 1.5, which is no whole number of at least 1.'],
  ])('is refused at boot with an option that cannot be (%#)', (decorator, message) => {
    class Form {}
    expect(() => decorator()(Form.prototype, 'file')).toThrow(message);
  });
});
