import { Type } from 'class-transformer';
import { IsString, ValidateNested } from 'class-validator';
import { evidence, type FoundAt } from './evidence.js';

class Part {
  @IsString()
  cost!: string;
}

class Booking {
  @IsString()
  total!: string;

  @ValidateNested({ each: true })
  @Type(() => Part)
  parts!: Part[];
}

const document = { id: '01890000-0000-7000-8000-000000000001', fileName: 'invoice.pdf' };
const place: FoundAt = { document, page: 2, box: [0.1, 0.2, 0.3, 0.05] };

describe('evidence for the fields of an answer', () => {
  it('is a list of places by field, also inside of lists; what was not found is left out', () => {
    const first: FoundAt = { document, box: [0, 0, 1, 1] };
    expect(evidence(Booking, { total: place, 'parts.0.cost': [first, place], parts: undefined })).toEqual({
      total: [place],
      'parts.0.cost': [{ ...first, page: 1 }, place],
    });
  });

  it('is cut at the edge of the page, which numbers that were rounded pass', () => {
    const [{ box } = place] = evidence(Booking, { total: { document, box: [-0.001, 0.5, 1.002, 0.501] } })['total'] ?? [];
    expect(box).toEqual([0, 0.5, 1, 0.5]);
  });

  it('knows the fields of the class', () => {
    // @ts-expect-error -- there is no such field
    expect(() => evidence(Booking, { totl: place })).toThrow('The evidence for field "totl" cannot be shown: Booking has no such field.');
    expect(() => evidence(Booking, { 'parts.0.price': place })).toThrow('Booking has no such field');
    expect(() => evidence(Booking, { 'total.0': place })).toThrow('Booking has no such field');
  });

  it.each([
    [{ ...place, document: { id: 'x', fileName: 'y' } }, 'its document is none'],
    [{ ...place, page: 0 }, 'page 0 is none'],
    [{ ...place, page: 1.5 }, 'page 1.5 is none'],
    [{ ...place, box: [1, 2, 3] }, 'its box is [1,2,3], and not [left, top, width, height]'],
    [{ ...place, box: [0, 0, Number.NaN, 1] }, 'its box is [0,0,null,1], and not [left, top, width, height]'],
    [{ ...place, box: [40, 80, 120, 14] }, 'its box [40,80,120,14] is not inside of the page'],
    [{ ...place, box: [0.5, 0.5, 0, 0.1] }, 'its box [0.5,0.5,0,0.1] is not inside of the page'],
  ])('is refused, by its field, when it is none (%#)', (wrong, reason) => {
    expect(() => evidence(Booking, { total: wrong as unknown as FoundAt })).toThrow(`The evidence for field "total" cannot be shown: ${reason}`); // prettier-ignore
  });
});
