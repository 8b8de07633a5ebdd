import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validate } from 'class-validator';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { StrikeDecision } from './strike-decision.form.js';

async function errorsOf(answer: object): Promise<[string, string[]][]> {
  const errors = await validate(plainToInstance(StrikeDecision, answer), { whitelist: true, forbidNonWhitelisted: true });
  return errors.map(({ property, constraints }) => [property, Object.values(constraints ?? {})]);
}

describe('the form of a review', () => {
  it.each([
    { verdict: 'confirm' },
    { verdict: 'correct', severity: 'minor', note: 'x' },
    { verdict: 'reject', severity: null, note: null },
  ])('takes %j', async (answer) => {
    expect(await errorsOf(answer)).toEqual([]);
  });

  it('names the field that is wrong', async () => {
    expect(await errorsOf({ verdict: 'maybe' })).toEqual([['verdict', [expect.stringContaining('confirm, correct, reject')]]]);
    expect(await errorsOf({ verdict: 'correct' })).toEqual([
      ['severity', ['To correct the recommendation, choose the severity that applies.']],
    ]);
    expect(await errorsOf({ verdict: 'confirm', severity: 'huge', note: 'x'.repeat(501) })).toMatchObject([
      ['severity', expect.anything()],
      ['note', expect.anything()],
    ]);
    expect(await errorsOf({ verdict: 'confirm', extra: 1 })).toMatchObject([['extra', expect.anything()]]);
  });

  it('gives the generated form titles and labelled choices', () => {
    const schema = validationMetadatasToSchemas({ classValidatorMetadataStorage: getMetadataStorage() })['StrikeDecision'];
    expect(schema).toMatchObject({
      title: 'Your decision',
      required: ['verdict'],
      properties: {
        verdict: { type: 'string', title: 'Verdict', oneOf: [{ const: 'confirm' }, { const: 'correct' }, { const: 'reject' }] },
        severity: { title: 'Severity', oneOf: [{ const: 'none' }, { const: 'minor' }, { const: 'substantial' }] },
        note: { type: 'string', title: 'Note', maxLength: 500 },
      },
    });
  });
});
