import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  Contains,
  IsArray,
  IsBoolean,
  IsDateString,
  IsEmail,
  IsEnum,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { formSchemaOf } from './form-schema.js';

const Urgency = { low: 'low', veryHigh: 'very-high' } as const;
enum Grade {
  bad = 1,
  good = 2,
}

class Place {
  @IsString()
  @MinLength(3)
  airport!: string;

  @IsOptional()
  @IsNumber()
  latitude?: number;
}

@JSONSchema({ title: 'A part that was hit' })
class Part {
  @IsIn(['wing', 'left_engine'])
  name!: string;
}

@JSONSchema({ title: 'Your decision', description: 'One paragraph.' })
class Decision {
  @IsIn(['confirm', 'reject'])
  verdict!: string;

  @ValidateIf((decision: Decision) => decision.verdict === 'confirm')
  @IsIn(['none', 'minor'])
  @JSONSchema(() => ({ type: 'string', title: 'How bad', oneOf: [{ const: 'none', title: 'Nothing' }] }))
  severity?: string;

  @IsOptional()
  @MaxLength(500)
  pilotNote?: string;

  @Min(0)
  @IsInt()
  @Max(9)
  strikes!: number;

  @IsNotEmpty()
  @IsInt()
  costTotalUSD!: number;

  @IsBoolean()
  isWarned!: boolean;

  @IsEnum(Urgency)
  urgency!: string;

  @IsEnum(Grade)
  grade!: Grade;

  @ValidateNested()
  @Type(() => Place)
  place!: Place;

  @ValidateNested({ each: true })
  @Type(() => Part)
  @ArrayMinSize(1)
  parts!: Part[];

  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(2)
  @IsIn(['a', 'b'], { each: true })
  marks!: string[];
}

type Properties = Record<string, Record<string, unknown>>;
const schemaOf = (type: new () => object) =>
  formSchemaOf(type) as { properties: Properties; required?: string[] } & Record<string, unknown>;

describe('the schema of a form', () => {
  const schema = schemaOf(Decision);
  const { properties } = schema;

  it('is draft 7 with the author’s title, and refuses unknown fields as the class does', () => {
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'Your decision',
      description: 'One paragraph.',
      type: 'object',
      additionalProperties: false,
    });
    expect(schemaOf(Place)).toMatchObject({ title: 'Place' });
  });

  it('keeps the order of the fields also where a JSON column sorts them', () => {
    expect(schema['x-order']).toEqual([
      'verdict',
      'severity',
      'pilotNote',
      'strikes',
      'costTotalUSD',
      'isWarned',
      'urgency',
      'grade',
      'place',
      'parts',
      'marks',
    ]);
  });

  it('requires what is neither optional nor conditional', () => {
    expect(schema.required).toEqual(['verdict', 'strikes', 'costTotalUSD', 'isWarned', 'urgency', 'grade', 'place', 'parts', 'marks']);
  });

  it('gives every field a title, the author’s or one made from its name', () => {
    expect(Object.values(properties).map(({ title }) => title)).toEqual([
      'Verdict',
      'How bad',
      'Pilot note',
      'Strikes',
      'Cost total USD',
      'Is warned',
      'Urgency',
      'Grade',
      'Place',
      'Parts',
      'Marks',
    ]);
  });

  it('gives every choice a title, and leaves those that the author wrote', () => {
    expect(properties['verdict']).toEqual({
      type: 'string',
      title: 'Verdict',
      oneOf: [
        { const: 'confirm', title: 'Confirm' },
        { const: 'reject', title: 'Reject' },
      ],
    });
    expect(properties['severity']).toEqual({ type: 'string', title: 'How bad', oneOf: [{ const: 'none', title: 'Nothing' }] });
    expect(properties['urgency']?.['oneOf']).toEqual([
      { const: 'low', title: 'Low' },
      { const: 'very-high', title: 'Very high' },
    ]);
    expect(properties['grade']).toMatchObject({
      type: 'number',
      oneOf: [
        { const: 1, title: '1' },
        { const: 2, title: '2' },
      ],
    });
  });

  it('has limits, and a type that no other validator bends', () => {
    expect(properties['pilotNote']).toEqual({ type: 'string', title: 'Pilot note', maxLength: 500 });
    expect(properties['strikes']).toEqual({ type: 'integer', title: 'Strikes', minimum: 0, maximum: 9 });
    expect(properties['costTotalUSD']).toEqual({ type: 'integer', title: 'Cost total USD' });
    expect(properties['isWarned']).toEqual({ type: 'boolean', title: 'Is warned' });
  });

  it('shows nested classes where they stand, alone and in lists', () => {
    expect(properties['place']).toEqual({
      type: 'object',
      title: 'Place',
      properties: { airport: { type: 'string', title: 'Airport', minLength: 3 }, latitude: { type: 'number', title: 'Latitude' } },
      required: ['airport'],
      'x-order': ['airport', 'latitude'],
      additionalProperties: false,
    });
    expect(properties['parts']).toMatchObject({
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        title: 'A part that was hit',
        properties: {
          name: {
            oneOf: [
              { const: 'wing', title: 'Wing' },
              { const: 'left_engine', title: 'Left engine' },
            ],
          },
        },
      },
    });
    expect(JSON.stringify(schema)).not.toContain('$ref');
  });

  it('offers a list of choices as a list, each once', () => {
    expect(properties['marks']).toEqual({
      type: 'array',
      title: 'Marks',
      uniqueItems: true,
      maxItems: 2,
      items: {
        type: 'string',
        oneOf: [
          { const: 'a', title: 'A' },
          { const: 'b', title: 'B' },
        ],
      },
    });
  });

  it('is the same each time, and plain JSON', () => {
    expect(JSON.stringify(formSchemaOf(Decision))).toBe(JSON.stringify(schema));
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  it('covers text, dates, patterns and inherited fields', () => {
    class Base {
      @IsEmail()
      email!: string;
    }
    class Derived extends Base {
      @IsNotEmpty()
      name!: string;

      @IsDateString()
      when!: string;

      @Matches(/^[A-Z]{3}$/)
      code!: string;

      @Matches(/^abc$/i)
      loose!: string;

      @Contains('a.b')
      dotted!: string;

      @IsObject()
      anything!: object;

      @Transform(({ value }: { value: unknown }) => value)
      @IsOptional()
      plain?: string;
    }
    const derived = schemaOf(Derived);
    expect(derived.properties).toEqual({
      name: { type: 'string', title: 'Name', minLength: 1 },
      when: { type: 'string', title: 'When', format: 'date-time' },
      code: { type: 'string', title: 'Code', pattern: '^[A-Z]{3}$' },
      loose: { type: 'string', title: 'Loose' },
      dotted: { type: 'string', title: 'Dotted', pattern: 'a\\.b' },
      anything: { type: 'object', title: 'Anything' },
      plain: { type: 'string', title: 'Plain' },
      email: { type: 'string', title: 'Email', format: 'email' },
    });
  });

  it('is an empty form for a class without fields', () => {
    class Nothing {}
    expect(schemaOf(Nothing)).toMatchObject({ type: 'object', properties: {}, 'x-order': [] });
  });

  it('refuses a nested list whose class cannot be told, and a class that contains itself', () => {
    class Untold {
      @ValidateNested({ each: true })
      items!: Place[];
    }
    class Tree {
      @ValidateNested()
      @Type(() => Tree)
      child!: Tree;
    }
    expect(() => formSchemaOf(Untold)).toThrow(
      'Untold.items: what stands inside cannot be told: add @Type(() => TheClass) beside @ValidateNested().',
    );
    expect(() => formSchemaOf(Tree)).toThrow('Tree.child: Tree contains itself; a form needs an end.');
  });
});
