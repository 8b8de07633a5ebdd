import { canLeaveOut } from './can-leave-out.js';

const group = { properties: { isStaff: { type: 'boolean' as const }, email: { type: 'string' as const } } };
const at = (path: readonly (string | number)[], more: object = {}) => ({
  ...{ schema: group, uiSchema: {}, required: false, disabled: false, readonly: false },
  ...{ fieldPathId: { $id: `answer_${path.join('_')}`, path: [...path] } },
  ...more,
});

describe('a group', () => {
  it('can be left out when something stands in it, be it a box that says no; also in a list', () => {
    expect(canLeaveOut(at(['contact']), { contact: { isStaff: false } })).toBe(true);
    expect(canLeaveOut(at(['parts', 1, 'contact']), { parts: [{}, { contact: { email: '' } }] })).toBe(true);
    expect(canLeaveOut(at(['parts', 0, 'contact']), { parts: [{}, { contact: { email: '' } }] })).toBe(false);
    expect(canLeaveOut(at(['contact']), { verdict: 'pay' })).toBe(false);
  });

  it('cannot where it is needed, or where nothing can be changed', () => {
    const answer = { contact: { isStaff: false } };
    for (const more of [{ required: true }, { disabled: true }, { readonly: true }])
      expect(canLeaveOut(at(['contact'], more), answer)).toBe(false);
  });

  it('is told from the whole, from plain fields, and from what has a field of its own', () => {
    expect(canLeaveOut(at([]), { contact: {} })).toBe(false);
    expect(canLeaveOut(at(['note'], { schema: { type: 'string' } }), { note: 'x' })).toBe(false);
    expect(canLeaveOut(at(['fee'], { uiSchema: { 'ui:field': 'money' } }), { fee: { amount: '1' } })).toBe(false);
  });
});
